import assert from 'node:assert/strict';
import { join } from 'node:path';
import { replay } from '../../src/comparison/replay.ts';
import { ScoredSpace } from '../../src/comparison/scored-space.ts';
import { studyTable } from '../../src/comparison/study-table.ts';
import { controllerKind, type controllers } from '../../src/controllers/controllers.ts';
import { instantRunner } from '../search/instant-runner.ts';
import { planOf, sit } from '../search/support.ts';

/**
 * Runs a study with trials that take no time, some of which diverge, and replays its controller on the study's own scores: it must
 * train the same functions in the same order. One that is told otherwise than in the study would soon propose others.
 */
export async function assertSameAsStudy(folder: string, controller: keyof typeof controllers): Promise<void> {
  const runner = instantRunner({ diverges: ({ expression }) => expression.includes('tanh') });
  const plan = planOf({ controller, seed: 7, candidates: 40, batch: 8, baselines: false });
  await sit(folder, plan, { runner });
  const { table, space } = studyTable(join(folder, 'test.db'), 's');
  assert.ok(space);
  assert.equal(table.rows.length, 40);
  assert.ok(table.rows.some(({ score }) => score === null));
  const scored = new ScoredSpace(space, table, { missing: 'failed' });
  const { options } = plan.config.controller;
  const run = replay(controllerKind(controller), options, scored, {
    seed: 7,
    evaluations: 40,
    batch: 8,
    proposals: 10_000,
  });
  assert.deepEqual(
    run.evaluated,
    table.rows.map((_, index) => index),
  );
}
