import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from '../logger.ts';
import { keyPrefix, queueName, studyKeys } from './queue-messages.ts';
import type { QueueServer } from './server-connection.ts';
import type { WaitingTrial } from './waiting-trial.ts';

const secondsCancelledLast = 3600;
const keptEvents = 100;
const looksUntilLost = 3;

/** The BullMQ queue of a study, as its coordinator uses it. Each trial is in it at most once. */
export class TrialQueue {
  readonly #client: Redis;
  readonly #queue: Queue;
  readonly #keys: ReturnType<typeof studyKeys>;

  constructor({ bullmq }: QueueServer, client: Redis, study: string, logger: Logger) {
    this.#client = client;
    this.#keys = studyKeys(study);
    const streams = { events: { maxLen: keptEvents } };
    this.#queue = new bullmq.Queue(queueName(study), { connection: client, prefix: keyPrefix, streams });
    this.#queue.on('error', (error) => logger.debug({ error: error.message }, 'queue'));
  }

  async put({ id, body }: WaitingTrial): Promise<void> {
    await this.#client.srem(this.#keys.cancelled, id);
    await this.#queue.add('trial', { body }, { jobId: id, removeOnComplete: true, removeOnFail: true });
  }

  /** Takes a trial back. Returns false if a worker has begun it. */
  async remove(id: string): Promise<boolean> {
    return (await this.#queue.remove(id)) === 1;
  }

  /** Tells workers that nobody wants these trials any more, and takes back those that none has begun. */
  async cancel(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const { cancelled } = this.#keys;
    await this.#client
      .multi()
      .sadd(cancelled, ...ids)
      .expire(cancelled, secondsCancelledLast)
      .exec();
    for (const id of ids) await this.#queue.remove(id);
  }

  /** Those of the trials that the server lacked at several looks in a row: no answer to them will come. */
  async lost(trials: readonly WaitingTrial[]): Promise<readonly WaitingTrial[]> {
    if (trials.length === 0) return [];
    const pipeline = this.#client.pipeline();
    for (const { id } of trials) pipeline.exists(this.#queue.toKey(id));
    const replies = (await pipeline.exec()) ?? [];
    for (const [index, trial] of trials.entries()) {
      trial.looksMissing = replies[index]?.[1] === 0 ? trial.looksMissing + 1 : 0;
    }
    const lost = trials.filter(({ looksMissing }) => looksMissing >= looksUntilLost);
    for (const trial of lost) trial.looksMissing = 0;
    return lost;
  }

  /** Removes the queue and what workers have answered. */
  async clear(): Promise<void> {
    const { answers, progress, arithmetic } = this.#keys;
    await this.#queue.obliterate({ force: true });
    await this.#client.del(answers, progress, arithmetic);
  }

  close(): void {
    void this.#queue.close().catch(() => undefined);
  }
}
