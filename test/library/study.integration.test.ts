// Kills a program that runs a study by itself, and starts the command line.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { openStudy } from '../../src/library/study.ts';
import { cli } from '../support/cli.ts';
import { studyOptions } from './support.ts';

test('a program killed with -9 leaves its study to the next one, and the command line says whose it is', async (t) => {
  const given = studyOptions(t);
  const program = `import { openStudy } from ${JSON.stringify(import.meta.resolve('../../src/library/study.js'))};
    const study = openStudy(${JSON.stringify(given)});
    study.tell(study.ask()[0], 1);
    study.ask(2);
    process.kill(process.pid, 'SIGKILL');`;
  const killed = spawnSync(process.execPath, ['--input-type=module', '--eval', program]);
  assert.equal(killed.signal, 'SIGKILL', String(killed.stderr));

  const board = await cli(['leaderboard', '--db', given.database]);
  assert.match(board.stdout, /ReLU: max\(x, 0\)/);
  const resumed = await cli(['resume', 'mine', '--db', given.database]);
  assert.equal(resumed.code, 2);
  assert.match(resumed.stderr, /no worker can train "objective": it is an objective\.\n.*openStudy/);

  const study = openStudy(given);
  t.after(() => study.close());
  const [next] = study.ask();
  assert.deepEqual([next?.name, next?.tokens?.length], [null, 5]);
});
