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
import { noticeSeconds } from './worker-list.ts';

/** A study as workers must know it. */
export interface QueueStudy extends Omit<StudyNotice, 'protocol' | 'build' | 'token'> {
  /** Equal in all sittings of the study, and in no other study. */
  readonly key: string;
  /** That of its stored trials; undefined lets the first worker decide. */
  readonly arithmetic: NetworkArithmetic | undefined;
}

// The server runs a script in one step: no other coordinator comes between the look and the change.

/** Gives a notice (1), unless another one stands there (0) than itself (1) and the one to be replaced (2). */
const giveUnlessHeld = `
local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[1] and held ~= ARGV[2] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[3])
redis.call('SADD', KEYS[2], ARGV[4])
return 1`;

/** Removes a notice, unless another one stands there (0). */
const removeUnlessHeld = `
local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('SREM', KEYS[2], ARGV[2])
return 1`;

/** The right of one coordinator to speak for a study on a server. It lapses where it is not renewed. */
export class StudyClaim {
  readonly #client: Redis;
  readonly #key: string;
  readonly #notice: StudyNotice;
  /** The notice as it stands on the server: its token tells it from that of every other sitting. */
  readonly #text: string;
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
    this.#text = encode(this.#notice);
  }

  /** What tells this sitting from all others. */
  get token(): string {
    return this.#notice.token;
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
      const held = await this.#client.get(studyKeys(this.#key).notice);
      const other = decoded(studyNotice, held ?? 'null');
      const isFree = !other || other.database === this.#notice.database;
      if (isFree && (await this.#claim(held ?? ''))) return;
      if (second > noticeSeconds) throw this.#heldElsewhere();
      await sleep(1000);
    }
  }

  /** Throws if another coordinator has taken the study. */
  async renew(): Promise<void> {
    if (!(await this.#give())) throw this.#heldElsewhere();
    await this.#shareArithmetic();
  }

  /** Returns false, and leaves everything as it is, if another coordinator has taken the study. */
  async release(): Promise<boolean> {
    const { notice } = studyKeys(this.#key);
    const removed = this.#client.eval(removeUnlessHeld, 2, notice, studiesKey, this.#text, this.#key);
    return (await removed) === 1;
  }

  /** Workers that see the notice must find the arithmetic. */
  async #claim(replaced: string): Promise<boolean> {
    const { arithmetic } = studyKeys(this.#key);
    if (this.#arithmetic) await this.#client.set(arithmetic, encode(this.#arithmetic));
    return this.#give(replaced);
  }

  /** Returns false if a notice stands there that is neither this one nor the given. */
  async #give(replaced = ''): Promise<boolean> {
    const { notice } = studyKeys(this.#key);
    const values = [this.#text, replaced, noticeSeconds, this.#key];
    return (await this.#client.eval(giveUnlessHeld, 2, notice, studiesKey, ...values)) === 1;
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
