import type { Redis } from 'ioredis';
import { ActivationSearchError } from '../errors.ts';
import { arithmeticDifferences, networkArithmeticWith } from '../trial/network-arithmetic.ts';
import { networkArithmetic } from '../trial/protocol.ts';
import { readNotice, unfitness, type WorkerTerms } from './fitness.ts';
import {
  arithmeticKey,
  queueName,
  type StudyNotice,
  studiesKey,
  studyKeys,
  type WorkerNotice,
} from './queue-messages.ts';
import { decode, encode } from './wire.ts';
import { livingMembers } from './worker-list.ts';

/** A study that this machine may train. */
export interface FitStudy {
  readonly key: string;
  /** As the coordinator wrote it: another text is another sitting. */
  readonly text: string;
  readonly notice: StudyNotice;
  /** The name of the queue that this machine takes trials from. */
  readonly queue: string;
}

interface Judged {
  readonly text: string;
  readonly at: number;
  readonly notice: StudyNotice | undefined;
  readonly study: string;
  readonly reason: string | undefined;
  /** The token of the sitting whose trials failed here. */
  readonly tried?: string;
  /** Whether the reason may pass by itself. */
  readonly passing?: boolean;
}

/** A refusal is looked at again after this time: data may have been imported meanwhile. */
const refusalMilliseconds = 60_000;

/** The studies on a server, and which of them this machine may train. */
export class KnownStudies {
  readonly #client: Redis;
  readonly #terms: WorkerTerms;
  readonly #arithmetic: WorkerNotice['arithmetic'];
  readonly #judged = new Map<string, Judged>();

  constructor(client: Redis, terms: WorkerTerms, arithmetic: WorkerNotice['arithmetic']) {
    this.#client = client;
    this.#terms = terms;
    this.#arithmetic = arithmetic;
  }

  /** Studies that this machine may not train, and why. */
  get refused(): WorkerNotice['refused'] {
    return [...this.#judged].flatMap(([key, { study: name, reason, tried, passing }]) =>
      reason === undefined
        ? []
        : [{ key, name, reason, ...(tried === undefined ? {} : { tried }), ...(passing ? { passing } : {}) }],
    );
  }

  /** The studies on the server that this machine may train. */
  async fit(): Promise<readonly FitStudy[]> {
    const texts = await livingMembers(this.#client, studiesKey, (key) => studyKeys(key).notice);
    for (const key of this.#judged.keys()) if (!texts.has(key)) this.#judged.delete(key);
    const fit: FitStudy[] = [];
    for (const [key, text] of texts) {
      const { notice, reason } = await this.#judge(key, text);
      if (notice && reason === undefined) fit.push({ key, text, notice, queue: this.#queueOf(key, notice) });
    }
    return fit;
  }

  /** Works no more for a study: trials failed for a reason that lies here. */
  refuse({ key, text, notice }: FitStudy, error: Error): void {
    const { study, token } = notice;
    const isKnown = error instanceof ActivationSearchError;
    const reason = [error.message, isKnown && error.hint].filter(Boolean).join(' ');
    const before = this.#judged.get(key)?.reason;
    // An installation may work again by itself, as where memory was short.
    const isLasting = isKnown && error.code !== 'environment';
    const more = isLasting ? { tried: token } : { passing: true };
    this.#judged.set(key, { text, at: performance.now(), notice, study, reason, ...more });
    if (reason !== before) this.#terms.say(`this worker may not train the study "${study}": ${reason}`);
  }

  async #judge(key: string, text: string): Promise<Judged> {
    const before = this.#judged.get(key);
    const now = performance.now();
    if (before?.text === text && (before.reason === undefined || now - before.at < refusalMilliseconds))
      return before;
    const read = readNotice(text);
    const notice = 'reason' in read ? undefined : read;
    const reason =
      'reason' in read
        ? read.reason
        : ((await unfitness(read, this.#terms)) ?? (await this.#otherwise(key, read)));
    const judged: Judged = { text, at: now, notice, study: read.study, reason };
    this.#judged.set(key, judged);
    if (reason !== undefined && reason !== before?.reason) {
      this.#terms.say(`this worker may not train the study "${read.study}": ${reason}`);
    }
    return judged;
  }

  /** In which parts the arithmetic here differs from the study's, which the first worker decides. */
  async #otherwise(key: string, notice: StudyNotice): Promise<string | undefined> {
    if (!notice.networks) return undefined;
    if (!this.#arithmetic) return 'TensorFlow cannot be used here: npx activation-search doctor says why';
    if (notice.mixed) return undefined;
    const own = networkArithmeticWith(this.#arithmetic, notice);
    const { arithmetic } = studyKeys(key);
    await this.#client.setnx(arithmetic, encode(own));
    const study = decode(networkArithmetic, (await this.#client.get(arithmetic)) ?? 'null');
    const differences = arithmeticDifferences(study, own);
    if (differences.length === 0) return undefined;
    return `scores compare within one arithmetic only, and the study has another ${differences.join(', ')}: --arithmetic any of search or resume would let it in`;
  }

  #queueOf(key: string, notice: StudyNotice): string {
    if (!notice.mixed || !this.#arithmetic) return queueName(key);
    return queueName(key, arithmeticKey(networkArithmeticWith(this.#arithmetic, notice)));
  }
}
