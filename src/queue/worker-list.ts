import type { Redis } from 'ioredis';
import { type WorkerNotice, workerKey, workerNotice, workersKey } from './queue-messages.ts';
import { decoded } from './wire.ts';

/**
 * Seconds after its last sign of life that a worker or a coordinator counts as gone; the server's clock
 * counts.
 */
export const noticeSeconds = 10;

/** The workers that are connected now, by id. */
export async function listWorkers(client: Redis): Promise<ReadonlyMap<string, WorkerNotice>> {
  const texts = await livingMembers(client, workersKey, workerKey);
  return new Map(
    [...texts].flatMap(([id, text]) => {
      const notice = decoded(workerNotice, text);
      return notice === undefined ? [] : [[id, notice] as const];
    }),
  );
}

/**
 * What the members of a set say that have not lapsed, in the order of their names; lapsed ones are removed.
 */
export async function livingMembers(
  client: Redis,
  set: string,
  keyOf: (member: string) => string,
): Promise<ReadonlyMap<string, string>> {
  const members = (await client.smembers(set)).sort();
  if (members.length === 0) return new Map();
  const texts = await client.mget(members.map(keyOf));
  const gone = members.filter((_, index) => texts[index] === null);
  if (gone.length > 0) await client.srem(set, ...gone);
  return new Map(
    members.flatMap((member, index) => {
      const text = texts[index];
      return text == null ? [] : [[member, text] as const];
    }),
  );
}

/** Says something of a member of a set, until `noticeSeconds` have passed. */
export async function giveNotice(
  client: Redis,
  set: string,
  member: string,
  key: string,
  text: string,
): Promise<void> {
  await client.multi().sadd(set, member).set(key, text, 'EX', noticeSeconds).exec();
}
