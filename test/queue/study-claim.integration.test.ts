// Needs a server, which it fetches. About 1 s.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Redis } from 'ioredis';
import { studyKeys } from '../../src/queue/queue-messages.ts';
import type { QueueServer } from '../../src/queue/server-connection.ts';
import { StudyClaim } from '../../src/queue/study-claim.ts';
import { afterwards, testServer, testStudy } from './support.ts';

interface Claimant {
  readonly claim: StudyClaim;
  readonly client: Redis;
}

function claimant(context: TestContext, server: QueueServer): Claimant {
  const client = server.connect();
  afterwards(context, () => client.disconnect());
  return { client, claim: new StudyClaim(client, testStudy()) };
}

test('who takes a study over has it, even while the earlier sitting renews its claim', async (context) => {
  const own = await testServer(context);
  if (!own) return;
  let holder = claimant(context, own.server);
  await holder.claim.take();
  for (let handover = 0; handover < 50; handover++) {
    const next = claimant(context, own.server);
    await next.client.ping();
    await Promise.all([next.claim.take(), holder.claim.renew().catch(() => undefined)]);
    await assert.rejects(holder.claim.renew(), /another coordinator runs the study "tiny"/);
    await next.claim.renew();
    holder.client.disconnect();
    holder = next;
  }
});

test('a claim is given up by its holder only', async (context) => {
  const own = await testServer(context);
  if (!own) return;
  const earlier = claimant(context, own.server);
  const later = claimant(context, own.server);
  await earlier.claim.take();
  await later.claim.take();
  const notice = () => later.client.get(studyKeys(testStudy().key).notice);
  const held = await notice();
  assert.equal(await earlier.claim.release(), false);
  assert.equal(await notice(), held);
  assert.equal(await later.claim.release(), true);
  assert.equal(await notice(), null);
});
