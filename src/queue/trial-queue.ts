import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from '../logger.ts';
import type { QueueChoice } from './queue-choice.ts';
import { keyPrefix, queueName, studyKeys } from './queue-messages.ts';
import type { QueueServer } from './server-connection.ts';
import type { WaitingTrial } from './waiting-trial.ts';

const secondsCancelledLast = 3600;
const keptEvents = 100;
const looksUntilLost = 3;
/** Younger trials are not looked for: nearly all of them are answered before they could count as lost. */
const youngMilliseconds = 5000;

/** The BullMQ queues of a study, as its coordinator uses them. Each trial is in one of them at most once. */
export class TrialQueue {
  readonly #server: QueueServer;
  readonly #client: Redis;
  readonly #study: string;
  readonly #choice: QueueChoice;
  readonly #logger: Logger;
  readonly #keys: ReturnType<typeof studyKeys>;
  readonly #queues = new Map<string, Queue>();
  /** Ids of trials that this sitting has cancelled; workers train them if they are put again. */
  readonly #cancelled = new Set<string>();
  /** Trials of this turn of the event loop: one round trip for all of them. */
  #unsent: WaitingTrial[] = [];
  #sending: Promise<void> | undefined;

  constructor(server: QueueServer, client: Redis, study: string, choice: QueueChoice, logger: Logger) {
    this.#server = server;
    this.#client = client;
    this.#study = study;
    this.#choice = choice;
    this.#logger = logger;
    this.#keys = studyKeys(study);
  }

  /** Forgets what an earlier sitting has cancelled: this one may want it. */
  async open(): Promise<void> {
    await this.#client.del(this.#keys.cancelled);
  }

  /**
   * Puts a trial on the server, together with all that are put in the same turn of the event loop. One that
   * no worker could take is left for `placeLeft`.
   */
  async put(trial: WaitingTrial, others: Iterable<WaitingTrial>): Promise<void> {
    const chosen = this.#choice.for(trial, others);
    if (!chosen) return;
    trial.queue = chosen.queue;
    trial.since = performance.now();
    this.#unsent.push(trial);
    this.#sending ??= new Promise((resolve) => setImmediate(resolve)).then(() => this.#send());
    await this.#sending;
  }

  /** Puts trials whose workers have left, or had not come yet, where there are workers. */
  async placeLeft(trials: readonly WaitingTrial[]): Promise<void> {
    for (const trial of trials.filter(({ queue }) => !this.#choice.isServed(queue))) {
      if (!this.#choice.for(trial, trials)) continue;
      if (trial.queue !== undefined) await this.remove(trial);
      await this.put(trial, trials);
    }
  }

  /** Takes a trial back. Returns false if a worker has begun it. */
  async remove({ id, queue }: WaitingTrial): Promise<boolean> {
    await this.#sending;
    return (await this.#queue(queue).remove(id)) === 1;
  }

  /** Tells workers that nobody wants these trials any more, and takes back those that none has begun. */
  async cancel(trials: readonly WaitingTrial[]): Promise<void> {
    if (trials.length === 0) return;
    const { cancelled } = this.#keys;
    const ids = trials.map(({ id }) => id);
    for (const id of ids) this.#cancelled.add(id);
    await this.#client
      .multi()
      .sadd(cancelled, ...ids)
      .expire(cancelled, secondsCancelledLast)
      .exec();
    for (const trial of trials) await this.remove(trial);
  }

  /** Those of the trials that the server lacked at several looks in a row: no answer to them will come. */
  async lost(all: Iterable<WaitingTrial>): Promise<readonly WaitingTrial[]> {
    const now = performance.now();
    const trials = [...all].filter(({ since }) => now - since > youngMilliseconds);
    if (trials.length === 0) return [];
    const pipeline = this.#client.pipeline();
    for (const { id, queue } of trials) pipeline.exists(this.#queue(queue).toKey(id));
    const replies = (await pipeline.exec()) ?? [];
    for (const [index, trial] of trials.entries()) {
      trial.looksMissing = replies[index]?.[1] === 0 ? trial.looksMissing + 1 : 0;
    }
    const lost = trials.filter(({ looksMissing }) => looksMissing >= looksUntilLost);
    for (const trial of lost) trial.looksMissing = 0;
    return lost;
  }

  /** Removes the queues, those of earlier sittings too, and what workers have answered. */
  async clear(): Promise<void> {
    const { answers, progress, arithmetic, queues } = this.#keys;
    for (const name of new Set([...this.#queues.keys(), ...(await this.#client.smembers(queues))])) {
      await this.#named(name).obliterate({ force: true });
    }
    await this.#client.del(answers, progress, arithmetic, queues);
  }

  close(): void {
    for (const queue of this.#queues.values()) void queue.close().catch(() => undefined);
  }

  async #send(): Promise<void> {
    const unsent = this.#unsent;
    const again = unsent.map(({ id }) => id).filter((id) => this.#cancelled.delete(id));
    this.#unsent = [];
    this.#sending = undefined;
    if (again.length > 0) await this.#client.srem(this.#keys.cancelled, ...again);
    const options = { removeOnComplete: true, removeOnFail: true };
    for (const queue of new Set(unsent.map((trial) => trial.queue))) {
      const trials = unsent.filter((trial) => trial.queue === queue);
      await this.#queue(queue).addBulk(
        trials.map(({ id, body }) => ({ name: 'trial', data: { body }, opts: { ...options, jobId: id } })),
      );
    }
  }

  #queue(arithmetic: string | undefined): Queue {
    return this.#named(queueName(this.#study, arithmetic));
  }

  #named(name: string): Queue {
    const known = this.#queues.get(name);
    if (known) return known;
    const queue = new this.#server.bullmq.Queue(name, {
      connection: this.#client,
      prefix: keyPrefix,
      streams: { events: { maxLen: keptEvents } },
    });
    queue.on('error', (error) => this.#logger.debug({ error: error.message }, 'queue'));
    void this.#client.sadd(this.#keys.queues, name).catch(() => undefined);
    this.#queues.set(name, queue);
    return queue;
  }
}
