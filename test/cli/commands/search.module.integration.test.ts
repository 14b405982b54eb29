// Searches with children written in JavaScript. Some minutes on a busy machine.
import assert from 'node:assert/strict';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { projectRoot } from '../../../src/paths.ts';
import { cli } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { leaderboardOf, watch } from '../study-support.ts';

const example = join(projectRoot, 'examples', 'javascript');

/** A study of a module with the given text; `child` is how the study file writes it. */
function studyOf(context: TestContext, text: string, child = './mine.mjs'): { file: string; db: string[] } {
  const folder = temporaryFolder(context);
  const file = join(folder, 's.yaml');
  writeFileSync(join(folder, 'mine.mjs'), text);
  writeFileSync(
    file,
    `space: small\nbaselines: false\ncandidates: 2\nworkers: 1\nsteps: 4\nchildren: [${child}]\n`,
  );
  return { file, db: ['--db', join(folder, 'test.db')] };
}

test('a search over examples/javascript, killed with -9, ends like an uninterrupted one', async (context) => {
  const folder = temporaryFolder(context);
  const study = (name: string) => [
    ...['search', join(example, 'study.yaml'), '--study', name, '--db', join(folder, 'test.db')],
    ...['--candidates', '2', '--steps', '8', '--no-baselines', '--seeds', '1'],
  ];
  const whole = await cli([...study('whole'), '--workers', '2', '--quiet']);
  assert.equal(whole.code, 0, whole.stderr);
  const running = watch(study('killed'), ({ event }) => {
    if (event === 'trial') running.process.kill('SIGKILL');
  });
  assert.equal(await running.ended, null, running.errors());
  const end = await cli(['resume', 'killed', '--db', join(folder, 'test.db'), '--quiet']);
  assert.equal(end.code, 0, end.stderr);
  assert.equal(await leaderboardOf(folder, 'killed'), await leaderboardOf(folder, 'whole'));
  const { stdout } = await cli(['trial', 'list', '--db', join(folder, 'test.db'), '--json']);
  const [trial] = JSON.parse(stdout) as { id: number; child: string; validation_accuracy: number }[];
  assert.equal(trial?.child, 'child');
  const replayed = await cli(['trial', 'replay', String(trial?.id), '--db', join(folder, 'test.db')]);
  assert.match(replayed.stdout, /equal, within 0/);
});

test('what a module throws for a candidate is stored with its trial and shown', async (context) => {
  const text = `export function train({ formula, options }) {
  if (formula !== 'max(x, 0)') throw new Error('no ' + options.what + ' for ' + formula);
  return { validationAccuracy: 0.5 };
}`;
  const { file, db } = studyOf(
    context,
    text,
    '{ name: mine, module: ./mine.mjs, function: train, options: { what: luck } }',
  );
  const { code, stderr } = await cli(['search', file, ...db, '--quiet']);
  assert.equal(code, 0, stderr);
  const { stdout } = await cli(['leaderboard', ...db, '--json', '--kind', 'proposed']);
  const rows = JSON.parse(stdout) as { id: number; status: string; reason: string }[];
  assert.deepEqual(
    rows.map(({ status }) => status),
    ['crashed', 'crashed'],
  );
  for (const { reason } of rows) assert.match(reason, /last words: Error: no luck for .*\n.*mine\.mjs:2/);
  assert.match((await cli(['show', String(rows[0]?.id), ...db])).stdout, /no luck for/);
});

test('a module without the function ends the search with exit code 2, its place and the remedy', async (context) => {
  const { file, db } = studyOf(context, 'export const train = 3;\n');
  const { code, stderr } = await cli(['search', file, ...db, '--quiet']);
  assert.equal(code, 2, stderr);
  assert.match(
    stderr,
    /child "mine" cannot start: .*mine\.mjs must have a function as its default export; it exports train/s,
  );
  assert.match(stderr, /\nTry: npx activation-search children check FILE/);
});

test('a module that is not there is refused where it is named, before anything is made', async (context) => {
  const { file, db } = studyOf(context, '', './other.mjs');
  const bare = await cli(['search', file, ...db]);
  assert.equal(bare.code, 2);
  assert.match(bare.stderr, /s\.yaml:6:12: \.\/other\.mjs: there is no such file/);
  const whole = studyOf(context, '', '{ name: mine, module: other.mjs }');
  const refused = await cli(['search', whole.file, ...whole.db]);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /s\.yaml:6:34: there is no module "other\.mjs" that can be read/);
  copyFileSync(join(example, 'child.mjs'), join(whole.file, '..', 'child.ts'));
  const typed = studyOf(context, '', '{ name: mine, module: child.ts }');
  assert.match(
    (await cli(['search', typed.file, ...typed.db])).stderr,
    /"child\.ts" is no JavaScript module/,
  );
  assert.equal((await cli(['leaderboard', ...db])).code, 2);
});
