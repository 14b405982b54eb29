import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { ActivationSearchError } from '../errors.ts';
import { type NetworkArithmetic, networkArithmetic } from '../trial/protocol.ts';
import {
  ownBuild,
  queueProtocol,
  type StudyNotice,
  studiesKey,
  studyKeys,
  studyNotice,
} from './queue-messages.ts';
import { decoded, encode } from './wire.ts';
import { giveNotice, noticeSeconds } from './worker-list.ts';

/** A study as workers must know it. */
export interface QueueStudy extends Omit<StudyNotice, 'protocol' | 'build' | 'token'> {
  /** Equal in all sittings of the study, and in no other study. */
  readonly key: string;
  /** That of its stored trials; undefined lets the first worker decide. */
  readonly arithmetic: NetworkArithmetic | undefined;
}

/** The right of one coordinator to speak for a study on a server. It lapses where it is not renewed. */
export class StudyClaim {
  readonly #client: Redis;
  readonly #key: string;
  readonly #notice: StudyNotice;
  #arithmetic: NetworkArithmetic | undefined;

  constructor(client: Redis, { key, arithmetic, ...facts }: QueueStudy) {
    this.#client = client;
    this.#key = key;
    this.#arithmetic = arithmetic;
    this.#notice = studyNotice.parse({
      ...facts,
      protocol: queueProtocol,
      build: ownBuild(),
      token: randomUUID(),
    });
  }

  /** What the study's networks are trained with, as soon as it is known; undefined if it is mixed. */
  get arithmetic(): NetworkArithmetic | undefined {
    return this.#notice.mixed ? undefined : this.#arithmetic;
  }

  /**
   * Claims the study. One database is held by one process, so an earlier sitting of it has ended, however it
   * did; that of another database is waited for until it must have lapsed.
   */
  async take(): Promise<void> {
    for (let second = 0; ; second++) {
      const other = await this.#holder();
      if (!other || other.database === this.#notice.database) break;
      if (second > noticeSeconds) throw this.#heldElsewhere();
      await sleep(1000);
    }
    const { arithmetic } = studyKeys(this.#key);
    if (this.#arithmetic) await this.#client.set(arithmetic, encode(this.#arithmetic));
    await this.#give();
  }

  /** Throws if another coordinator has taken the study. */
  async renew(): Promise<void> {
    const other = await this.#holder();
    if (other && other.token !== this.#notice.token) throw this.#heldElsewhere();
    await this.#give();
    await this.#shareArithmetic();
  }

  async release(): Promise<void> {
    await this.#client.multi().srem(studiesKey, this.#key).del(studyKeys(this.#key).notice).exec();
  }

  async #holder(): Promise<StudyNotice | undefined> {
    return decoded(studyNotice, (await this.#client.get(studyKeys(this.#key).notice)) ?? 'null');
  }

  #give(): Promise<void> {
    return giveNotice(this.#client, studiesKey, this.#key, studyKeys(this.#key).notice, encode(this.#notice));
  }

  async #shareArithmetic(): Promise<void> {
    const { arithmetic: key } = studyKeys(this.#key);
    const shared = decoded(networkArithmetic, (await this.#client.get(key)) ?? 'null');
    this.#arithmetic ??= shared;
    if (this.#arithmetic && !shared) await this.#client.set(key, encode(this.#arithmetic));
  }

  #heldElsewhere(): ActivationSearchError {
    return new ActivationSearchError(
      'server',
      `another coordinator runs the study "${this.#notice.study}" over this server, from another copy of its database.`,
      { hint: 'Stop one of the two, or use another database of the server: redis://HOST:PORT/1' },
    );
  }
}
