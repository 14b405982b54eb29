import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { z } from 'zod';
import { queuedProgress, type studyKeys, type TrialAnswer, trialAnswer } from './queue-messages.ts';
import { decode, decoded } from './wire.ts';

export interface AnswerEvents {
  onAnswer(trial: string, answer: TrialAnswer): void;
  onProgress(trial: string, progress: z.output<typeof queuedProgress>): void;
  /** Something was read that no worker of this build writes. */
  onNonsense(reason: string): void;
}

const most = 256;
const blockMilliseconds = 5000;
/**
 * After an answer, others are waited for: reading, storing and putting the next trials on the server are done
 * for many at a time. Workers have the next trial by then.
 */
const gatherMilliseconds = 50;
const start = '0';

/**
 * Reads what workers say of a study's trials. BullMQ's own results are not used: it drops the result of a
 * worker that lost its lock, so that no second outcome could be compared with the first. Answers stay on the
 * server for a while after they were read: a coordinator that was killed before it stored them finds them.
 */
export class AnswerReader {
  readonly #client: Redis;
  readonly #keys: ReturnType<typeof studyKeys>;
  readonly #events: AnswerEvents;
  #read: string[] = [];
  #readBefore: readonly string[] = [];
  #ended = false;
  #lastAnswer = start;
  #lastProgress = start;

  constructor(client: Redis, keys: ReturnType<typeof studyKeys>, events: AnswerEvents) {
    this.#client = client;
    this.#keys = keys;
    this.#events = events;
    // A server that lost its memory may count anew: answers read twice are compared, and change nothing.
    client.on('ready', () => {
      this.#lastAnswer = start;
    });
    client.on('end', () => {
      this.#ended = true;
    });
  }

  /** Reads all answers that are there now. Passes over the progress, which an earlier sitting has told. */
  async catchUp(): Promise<void> {
    const { answers, progress } = this.#keys;
    const [newest] = await this.#client.xrevrange(progress, '+', '-', 'COUNT', 1);
    if (newest) this.#lastProgress = newest[0];
    this.#take(await this.#client.xread('STREAMS', answers, this.#lastAnswer));
  }

  /** Reads on until the connection is ended. */
  async listen(): Promise<void> {
    const { answers, progress } = this.#keys;
    while (!this.#ended) {
      // Where both are there, the progress is taken first: after its answer, a trial is forgotten.
      const ids = [this.#lastProgress, this.#lastAnswer] as const;
      try {
        this.#take(
          await this.#client.xread(
            'COUNT',
            most,
            'BLOCK',
            blockMilliseconds,
            'STREAMS',
            progress,
            answers,
            ...ids,
          ),
        );
        await sleep(gatherMilliseconds);
      } catch (error) {
        if (this.#ended) return;
        this.#events.onNonsense(String(error));
        await sleep(1000);
      }
    }
  }

  /** Deletes what was read before the last call, which is stored by now. */
  async forget(client: Redis): Promise<void> {
    if (this.#readBefore.length > 0) await client.xdel(this.#keys.answers, ...this.#readBefore);
    this.#readBefore = this.#read;
    this.#read = [];
  }

  close(): void {
    this.#client.disconnect();
  }

  #take(streams: [key: string, entries: [id: string, fields: string[]][]][] | null): void {
    for (const [key, entries] of streams ?? []) {
      for (const [id, fields] of entries) {
        if (key === this.#keys.answers) this.#takeAnswer(id, fields);
        else this.#takeProgress(id, fields);
      }
    }
  }

  #takeAnswer(id: string, [trial = '', body = '']: readonly string[]): void {
    this.#lastAnswer = id;
    this.#read.push(id);
    try {
      this.#events.onAnswer(trial, decode(trialAnswer, body));
    } catch (error) {
      this.#events.onNonsense((error as Error).message);
    }
  }

  #takeProgress(id: string, [trial = '', body = '']: readonly string[]): void {
    this.#lastProgress = id;
    const progress = decoded(queuedProgress, body);
    if (progress) this.#events.onProgress(trial, progress);
  }
}
