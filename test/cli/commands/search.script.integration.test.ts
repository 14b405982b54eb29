// Searches with training scripts, real ones: examples/shell (awk) and one in Node. Some minutes.
import assert from 'node:assert/strict';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { projectRoot } from '../../../src/paths.ts';
import { Random } from '../../../src/random.ts';
import { cli } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { leaderboardOf, watch } from '../study-support.ts';

const shell = join(projectRoot, 'examples', 'shell');
const script = fileURLToPath(import.meta.resolve('../../trial/script-child.js'));

/** A study of a script in a behavior of script-child.ts. */
function studyFile(context: TestContext, behavior: string, keys = ''): { file: string; db: string[] } {
  const folder = temporaryFolder(context);
  const file = join(folder, 's.yaml');
  const command = JSON.stringify([process.execPath, script, behavior]);
  writeFileSync(
    file,
    `space: small
baselines: false
candidates: 3
children:
  - name: mine
    command: ${command}
    steps: 100
    ${keys}
`,
  );
  return { file, db: ['--db', join(folder, 'test.db')] };
}

test('a search over examples/shell, killed with -9 again and again, ends like an uninterrupted one', async (context) => {
  const folder = temporaryFolder(context);
  const study = (name: string) => [
    ...['search', join(shell, 'study.yaml'), '--study', name, '--db', join(folder, 'test.db')],
    ...['--candidates', '8', '--steps', '400', '--workers', '2', '--no-baselines'],
  ];
  const whole = await cli([...study('whole'), '--quiet']);
  assert.equal(whole.code, 0, whole.stderr);
  const random = Random.fromSeed('kill');
  for (let killed = 0; killed < 4; killed++) {
    const events = random.index(5);
    const running = watch([...study('killed'), '--continue'], () => {
      if (running.events.length > events) running.process.kill('SIGKILL');
    });
    assert.equal(await running.ended, null, `it ended before kill ${killed}: ${running.errors()}`);
  }
  const end = await cli([...study('killed'), '--continue', '--quiet']);
  assert.equal(end.code, 0, end.stderr);
  assert.equal(await leaderboardOf(folder, 'killed'), await leaderboardOf(folder, 'whole'));
});

test('a script that cannot start ends the search with exit code 2, its last words and a remedy; the study can be gone on with', async (context) => {
  const { file, db } = studyFile(context, 'dies');
  const { code, stderr } = await cli(['search', file, ...db, '--quiet']);
  assert.equal(code, 2, stderr);
  assert.match(stderr, /child "mine" cannot start: .*no module named torch/s);
  assert.match(stderr, /children check/);
  assert.equal((await cli(['resume', 's', ...db, '--quiet'])).code, 2);
});

test('a command that is not there is refused where it stands, before anything is made', async (context) => {
  const folder = temporaryFolder(context);
  const file = join(folder, 's.yaml');
  writeFileSync(file, 'children:\n  - { name: mine, command: [pythn, train.py], steps: 9 }\n');
  const { code, stderr } = await cli(['search', file, '--db', join(folder, 'test.db')]);
  assert.equal(code, 2);
  assert.match(stderr, /s\.yaml:2:29: there is no command "pythn" that can be run/);
  assert.equal((await cli(['leaderboard', '--db', join(folder, 'test.db')])).code, 2);
});

test('a trial of a script is repeated and compared within the tolerance of its recipe', async (context) => {
  const { file, db } = studyFile(context, 'good');
  assert.equal((await cli(['search', file, ...db, '--quiet'])).code, 0);
  const { stdout } = await cli(['trial', 'list', ...db, '--json']);
  const trials = JSON.parse(stdout) as { id: number; status: string; validation_accuracy: number }[];
  assert.ok(trials.every(({ status }) => status === 'complete'));
  const replayed = await cli(['trial', 'replay', String(trials.at(-1)?.id), ...db]);
  assert.match(replayed.stdout, /equal, within 0/);
});

test('the rule chance needs to know the classes of a script', async (context) => {
  const folder = temporaryFolder(context);
  const file = join(folder, 's.yaml');
  copyFileSync(join(shell, 'train.sh'), join(folder, 'train.sh'));
  const study = (classes: string) =>
    writeFileSync(
      file,
      `rungs:\n  - children: [{ name: mine, command: [sh, train.sh], steps: 90, ${classes} }]\n    earlyStop: { chance: { after: 10 } }\n`,
    );
  study('once: true');
  const refused = await cli(['search', file, '--dry-run', '--db', join(folder, 'test.db')]);
  assert.equal(refused.code, 2);
  assert.match(
    refused.stderr,
    /s\.yaml:3:26: chance: the loss of guessing is unknown for child "mine".*classes: 10/s,
  );
});
