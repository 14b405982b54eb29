import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { FitStudy } from '../../src/queue/known-studies.ts';
import { sweepDeadWorkers, WorkerCheckpoints } from '../../src/queue/worker-checkpoints.ts';
import { temporaryFolder } from '../support/temporary.ts';

test('folders of workers that were killed are removed, those of living ones and of other machines stay', (context) => {
  process.env.ACTIVATION_SEARCH_CACHE = temporaryFolder(context);
  const folder = join(process.env.ACTIVATION_SEARCH_CACHE, 'queue');
  sweepDeadWorkers();
  const own = new WorkerCheckpoints('living');
  const trial = { checkpoint: { to: 'a' } } as unknown as Parameters<WorkerCheckpoints['filesOf']>[1];
  const file = own.filesOf({ text: 'study' } as FitStudy, trial)?.to ?? '';
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, '');
  const [living = ''] = readdirSync(folder);
  const { pid: dead } = spawnSync(process.execPath, ['--version']);
  const elsewhere = `there.not-${hostname()}.${dead}`;
  for (const name of [`killed.${hostname()}.${dead}`, elsewhere]) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'checkpoint'), '');
  }
  sweepDeadWorkers();
  assert.equal(readdirSync(folder).length, 3, 'a container may share the cache: nothing young is removed');
  const old = new Date(Date.now() - 3_600_000);
  for (const name of readdirSync(folder)) utimesSync(join(folder, name), old, old);
  sweepDeadWorkers();
  assert.deepEqual(readdirSync(folder).sort(), [living, elsewhere].sort());
  own.clear();
  assert.deepEqual(readdirSync(folder), [elsewhere]);
});
