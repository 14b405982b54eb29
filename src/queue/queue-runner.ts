import type { Redis } from 'ioredis';
import { ActivationSearchError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { Conditions } from '../trial/conditions.ts';
import { NoSuchArithmetic } from '../trial/network-arithmetic.ts';
import type { TrialOutcome, TrialRequest } from '../trial/protocol.ts';
import { AnswerReader } from './answer-reader.ts';
import { OutcomeRecord } from './outcome-record.ts';
import { QueueChoice } from './queue-choice.ts';
import { refusedError, studyKeys, type TrialAnswer, toQueue } from './queue-messages.ts';
import { isFull, type QueueServer, unusable } from './server-connection.ts';
import { type QueueStudy, StudyClaim } from './study-claim.ts';
import { TrialQueue } from './trial-queue.ts';
import { type QueueRunOptions, WaitingTrial } from './waiting-trial.ts';
import { type WorkerNews, WorkerWatch } from './worker-watch.ts';

export interface QueueRunnerOptions {
  readonly logger: Logger;
  /** Hears of workers that come and go, are refused or are missing. */
  readonly onNews: (news: WorkerNews) => void;
}

const beatMilliseconds = 1000;
const closeMilliseconds = 3000;

/**
 * Trials that workers on other machines train, over a server: the counterpart of `WorkerPool`. The server may
 * lose any of it: what lacks there is put back, and an outcome that comes twice is compared.
 */
export class QueueRunner {
  readonly #logger: Logger;
  readonly #server: QueueServer;
  readonly #choice: QueueChoice;
  readonly #client: Redis;
  readonly #queue: TrialQueue;
  readonly #claim: StudyClaim;
  readonly #reader: AnswerReader;
  readonly #watch: WorkerWatch;
  readonly #record: OutcomeRecord;
  readonly #trials = new Map<string, WaitingTrial>();
  /** Outcomes that nobody has asked for yet: an earlier sitting was killed before it took them. */
  readonly #found = new Map<string, TrialOutcome>();
  readonly #room = new Conditions();
  readonly #heeded = new WeakSet<AbortSignal>();
  #failure: unknown;
  #timer: NodeJS.Timeout | undefined;
  #open = true;

  /** Claims the study on the server. Refuses if another coordinator has it. */
  static async open(
    server: QueueServer,
    study: QueueStudy,
    options: QueueRunnerOptions,
  ): Promise<QueueRunner> {
    const runner = new QueueRunner(server, study, options);
    try {
      await runner.#claim.take();
      await runner.#queue.open();
      await runner.#reader.catchUp();
      await runner.#watch.look();
    } catch (error) {
      runner.#disconnect();
      throw isFull(error) ? unusable(server.address, error as Error) : error;
    }
    void runner.#reader.listen();
    runner.#timer = setTimeout(() => void runner.#beat(), beatMilliseconds);
    return runner;
  }

  private constructor(server: QueueServer, study: QueueStudy, { logger, onNews }: QueueRunnerOptions) {
    this.#logger = logger;
    this.#server = server;
    this.#client = server.connect();
    this.#claim = new StudyClaim(this.#client, study);
    const { token } = this.#claim;
    this.#watch = new WorkerWatch(this.#client, study.key, token, server.address.shown, onNews);
    this.#record = new OutcomeRecord(logger, (text) => this.#watch.tell(text));
    this.#choice = new QueueChoice(study, this.#watch);
    this.#queue = new TrialQueue(server, this.#client, study.key, this.#choice, logger);
    this.#reader = new AnswerReader(server.connect(), studyKeys(study.key), {
      onAnswer: (id, answer) => this.#take(id, answer),
      onProgress: (id, { pid, ...progress }) => this.#trials.get(id)?.follow(progress, pid),
      onNonsense: (reason) => logger.warn({ reason }, 'an answer was passed over'),
    });
  }

  /** Trials that the workers of this study train at a time; at least 1. */
  get places(): number {
    return Math.max(1, this.#watch.places);
  }

  /** What to wait for before another trial is handed over; few are at a time, so that a study can stop. */
  room(leaving: AbortSignal): Promise<void> | undefined {
    if (leaving.aborted || this.#hasRoom) return undefined;
    this.#heed(leaving);
    return this.#room.when(() => leaving.aborted || this.#hasRoom || this.#trials.size === 0);
  }

  /** Rejects only for a wrong request, when aborted or withdrawn, and where the study cannot go on. */
  run(request: TrialRequest, options: QueueRunOptions = {}): Promise<TrialOutcome> {
    const { signal, withdraw, within } = options;
    if (!this.#open) return Promise.reject(new Error('the queue is closed'));
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (signal?.aborted) return Promise.reject(signal.reason);
    const only = this.#choice.within(within);
    const { body, id } = toQueue(request, only);
    const found = this.#found.get(id);
    if (found) {
      this.#found.delete(id);
      return Promise.resolve({ ...found, id: request.id });
    }
    const known = this.#trials.get(id);
    const trial = known ?? new WaitingTrial(id, body, only);
    this.#trials.set(id, trial);
    if (withdraw) this.#heed(withdraw);
    const outcome = trial.wait(request, options, () => this.#cancel(trial));
    if (!known) void this.#put(trial);
    return outcome;
  }

  /** Takes the study off the server; what still runs or waits rejects with an AbortError. */
  async close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    clearTimeout(this.#timer);
    const waiting = this.#rejectAll(new DOMException('the queue was left', 'AbortError'));
    const clear = async (): Promise<void> => {
      if (this.#failure !== undefined) return;
      await this.#queue.cancel(waiting);
      if (await this.#claim.release()) await this.#queue.clear();
    };
    // A server that is away must not hold up the end.
    await Promise.race([
      clear().catch(this.#note),
      new Promise((resolve) => setTimeout(resolve, closeMilliseconds).unref()),
    ]);
    this.#disconnect();
  }

  get #hasRoom(): boolean {
    return this.#trials.size < this.places + this.#watch.machines;
  }

  async #put(trial: WaitingTrial): Promise<void> {
    try {
      await this.#queue.put(trial, this.#trials.values());
    } catch (error) {
      if (isFull(error)) this.#fail(unusable(this.#server.address, error as Error));
      else this.#note(error);
    }
  }

  #take(id: string, answer: TrialAnswer): void {
    const trial = this.#trials.get(id);
    if (answer.kind === 'refused') {
      this.#settle(trial, { error: refusedError(answer) });
      return;
    }
    const { outcome } = answer;
    if (!this.#record.accepts(id, outcome, this.#claim.arithmetic)) return;
    // A candidate may equal a baseline function: its trials are asked for again, and answered again.
    if (trial) this.#settle(trial, { outcome });
    else this.#found.set(id, outcome);
  }

  #settle(trial: WaitingTrial | undefined, result: Parameters<WaitingTrial['settle']>[0]): void {
    if (!trial) return;
    this.#trials.delete(trial.id);
    trial.settle(result);
    // Who waits for this outcome takes the free place. At the end nobody does.
    if (this.#trials.size === 0) this.#room.changed();
  }

  #cancel(trial: WaitingTrial): void {
    this.#trials.delete(trial.id);
    this.#room.changed();
    void this.#queue.cancel([trial]).catch(this.#note);
  }

  /** Gives back what nobody has begun, and wakes who waits for room, once a signal is aborted. */
  #heed(signal: AbortSignal): void {
    if (this.#heeded.has(signal)) return;
    this.#heeded.add(signal);
    const abort = (): void => {
      this.#room.changed();
      for (const trial of this.#trials.values()) void this.#withdraw(trial);
    };
    signal.addEventListener('abort', abort, { once: true });
  }

  async #withdraw(trial: WaitingTrial): Promise<void> {
    const error = trial.withdrawal;
    if (error === undefined || !this.#trials.has(trial.id)) return;
    const isRemoved = !trial.isPut || (await this.#queue.remove(trial).catch(() => false));
    if (isRemoved && this.#trials.has(trial.id)) this.#settle(trial, { error });
  }

  async #beat(): Promise<void> {
    try {
      await this.#claim.renew();
      await this.#watch.look();
      if (this.#trials.size > 0) this.#watch.requireTakers();
      this.#room.changed();
      for (const trial of this.#choice.hopeless(this.#trials.values()))
        this.#settle(trial, { error: new NoSuchArithmetic() });
      await this.#queue.placeLeft([...this.#trials.values()]);
      await this.#putBack();
      await this.#reader.forget(this.#client);
    } catch (error) {
      if (error instanceof ActivationSearchError) this.#fail(error);
      else this.#note(error);
    }
    if (this.#open) this.#timer = setTimeout(() => void this.#beat(), beatMilliseconds);
  }

  /** Puts trials back that the server has lost, as after its end without a file of its memory. */
  async #putBack(): Promise<void> {
    for (const trial of await this.#queue.lost(this.#trials.values())) {
      if (!this.#trials.has(trial.id)) continue;
      this.#logger.info({ trial: trial.id }, 'put back what the server lacked');
      await this.#put(trial);
    }
  }

  // A command fails when the server is away: the next beat mends what it can.
  readonly #note = (error: unknown): void => this.#logger.debug({ error: String(error) }, 'no answer');

  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#rejectAll(error);
  }

  #rejectAll(error: unknown): readonly WaitingTrial[] {
    const trials = [...this.#trials.values()];
    this.#trials.clear();
    for (const trial of trials) trial.settle({ error });
    this.#room.changed();
    return trials;
  }

  #disconnect(): void {
    this.#open = false;
    this.#queue.close();
    this.#reader.close();
    this.#client.disconnect();
  }
}
