// Needs TensorFlow and real processes: trains the tiny child on synthetic data, some 20 seconds.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { commands } from '../../src/cli/commands.ts';
import { shellQuoted } from '../../src/terminal/command-text.ts';
import { sourceFiles } from '../architecture/sources.ts';
import { cli, cliScript, command } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { tinyStudy } from './study-support.ts';

/** Commands that a text tells to run, one a line. */
function hinted(text: string): readonly string[] {
  return [...text.matchAll(/npx activation-search .*?(?= {3}|\n|$)/g)].map(([line]) => line);
}

/** Runs a command as it was printed, by a shell in the folder in which it was printed. */
function paste(line: string, folder: string) {
  const tool = [process.execPath, cliScript].map(shellQuoted).join(' ');
  return command('sh', ['-c', line.replace('npx activation-search', tool)], { cwd: folder });
}

test('every command that a study hints at works when it is pasted', async (context) => {
  const folder = join(temporaryFolder(context), 'a folder');
  mkdirSync(folder);
  const study = await cli([...tinyStudy(folder, 'hints'), '--candidates', '6', '--workers', '1'], {
    cwd: folder,
  });
  assert.equal(study.code, 0, study.stderr);
  const next = hinted(study.stdout);
  assert.deepEqual(
    next.map((line) => line.split(' ')[2]),
    ['resume', 'leaderboard', 'show', 'query'],
  );
  for (const line of next) {
    const { code, stdout, stderr } = await paste(line, folder);
    assert.equal(code, 0, `${line}\n${stderr}`);
    assert.notEqual(stdout, '');
    assert.match(line, / --db test\.db$/);
  }
  // The best find, not a baseline.
  const shown = await paste(next[2] as string, folder);
  assert.match(shown.stdout, /\nhints: candidate \d+: rank \d+ of \d+/);
});

test('the commands that evaluate, show and errors hint at name the database that was given', async (context) => {
  const folder = temporaryFolder(context);
  const db = ['--db', 'my studies.db'];
  const run = (...args: readonly string[]) => cli([...args, ...db], { cwd: folder });
  const evaluated = await run('evaluate', '-x*sigmoid(-x)', '--seeds', '1', '--child', 'tiny-synthetic');
  assert.equal(evaluated.code, 0, evaluated.stderr);
  const texts = [
    evaluated.stdout,
    (await run('show', '-tanh(x)*x')).stdout,
    (await run('show', '99999')).stderr,
    (await run('query', 'SELECT nothing FROM leaderboard')).stderr,
    (await run('search', '--study', 'evaluate', '--space', 'small', '--child', 'tiny-synthetic')).stderr,
  ];
  for (const text of texts) {
    const lines = hinted(text);
    assert.equal(lines.length, 1, text);
    const line = (lines[0] as string).replace(/\) or choose.*$/, '');
    assert.match(line, / --db 'my studies\.db'$/);
    if (line.includes('evaluate ') || line.includes('resume')) continue;
    const { code, stderr } = await paste(line, folder);
    assert.equal(code, 0, `${line}\n${stderr}`);
  }
});

test('help before the words of a command is the help of that command', async () => {
  const wanted = await cli(['data', 'import', '--help']);
  assert.match(wanted.stdout, /^Usage: activation-search data import/);
  for (const first of ['help', '--help', '-h']) {
    const { code, stdout } = await cli([first, 'data', 'import']);
    assert.deepEqual([code, stdout], [0, wanted.stdout], first);
  }
  assert.match((await cli(['--help'])).stdout, /leaderboard[\s\S]*doctor/);
  assert.match((await cli(['help'])).stdout, /leaderboard[\s\S]*doctor/);
});

test('every command in messages and help can be pasted in a checkout', () => {
  const names = Object.keys(commands).join('|');
  const bare = new RegExp(`(?<!npx )(?<![\\w./\`-])activation-search (${names})\\b.*`, 'g');
  const wrong = sourceFiles(['src'], ['.ts']).flatMap(({ path, code }) =>
    [...code.matchAll(bare)].map(([text]) => `${path}: ${text}`),
  );
  assert.deepEqual(wrong, []);
});

test('a working folder that is gone is told in words', async (context) => {
  const folder = join(temporaryFolder(context), 'gone');
  mkdirSync(folder);
  const line = `rm -r "${folder}" && ${[process.execPath, cliScript].map(shellQuoted).join(' ')} search --candidates 1`;
  const { code, stderr } = await command('sh', ['-c', line], { cwd: folder });
  assert.equal(code, 1);
  assert.match(stderr, /^error: the folder in which this was started is gone\.\nGo to one/m);
  assert.doesNotMatch(stderr, /\n {4}at /);
});
