// Needs TensorFlow and real processes: imports small data sets and trains small children on them, a minute or
// two.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { z } from 'zod';
import { projectRoot } from '../../../src/paths.ts';
import { tableText, writeImageClasses, writeInto, writeNpzFile } from '../../datasets/own-data.ts';
import { type CommandResult, cli } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { leaderboardOf, watch } from '../study-support.ts';

const page = readFileSync(join(projectRoot, 'docs', 'data.md'), 'utf8');
const kinds = ['setosa', 'versicolor', 'virginica'];
const leaderboard = z.array(z.object({ expression: z.string(), status: z.string(), trials: z.number() }));

suite('data of one’s own, from files to a leaderboard', { concurrency: false }, () => {
  const folder = temporaryFolder({ after });
  const run = (...args: string[]): Promise<CommandResult> => cli(args, { cwd: folder, timeout: 900_000 });

  before(async () => {
    process.env.ACTIVATION_SEARCH_CACHE = join(folder, 'cache');
    writeImageClasses(join(folder, 'photos', 'flowers'), 40);
    writeInto(join(folder, 'iris.csv'), tableText(150, kinds).replace('kind', 'species'));
    await writeNpzFile(join(folder, 'digits.npz'), {
      x: [Uint8Array.from({ length: 60 * 16 }, (_, at) => at % 251), [60, 4, 4]],
      y: [BigInt64Array.from({ length: 60 }, (_, at) => BigInt(at % 10)), [60]],
    });
    for (const [, name = '', text = ''] of page.matchAll(/```yaml\n# (\S+\.yaml)\n([^`]*)```/g)) {
      writeFileSync(join(folder, name), text);
    }
  });

  test('each command of the page on data does what it says', async () => {
    const commands = [...page.matchAll(/^npx activation-search (.*(?:flowers|iris|digits).*)$/gm)].map(
      ([, command = '']) => command,
    );
    assert.ok(commands.length >= 7, commands.join('\n'));
    // What the page ends with removes a data set that it searches on further down.
    const ordered = [
      ...commands.filter((line) => !line.includes('remove')),
      'data export flowers f.npz --to npz',
    ];
    for (const line of ordered) {
      const flags = line.startsWith('search')
        ? ['--db', 'test.db', '--workers', '1', '--quiet', '--study', 'own', '--steps', '20']
        : [];
      const { code, stderr } = await run(...line.split(' '), ...flags);
      assert.equal(code, 0, `${line}\n${stderr}`);
    }
  });

  test('a search over an image folder and a table ranks functions on both', async () => {
    const { code, stdout, stderr } = await run('leaderboard', '--study', 'own', '--json', '--db', 'test.db');
    assert.equal(code, 0, stderr);
    const rows = leaderboard.parse(JSON.parse(stdout));
    const trained = rows.filter(({ status }) => status === 'complete');
    assert.ok(trained.length >= 3, stdout);
    assert.ok(trained.every(({ trials }) => trials === 2));
    const accuracies = await run(
      ...['query', 'SELECT child, max(validation_accuracy) AS best FROM trials GROUP BY child', '--json'],
      ...['--db', 'test.db'],
    );
    for (const { best } of JSON.parse(accuracies.stdout) as { best: number }[])
      assert.ok(best > 0.6, `${best}`);
  });

  test('killed and gone on with, it ends as the uninterrupted one', async () => {
    const study = (name: string, ...more: string[]): string[] => [
      ...['search', '--child', join(folder, 'iris.yaml'), join(folder, 'flowers.yaml'), '--space', 'small'],
      ...['--candidates', '4', '--seed', '3', '--workers', '1', '--steps', '8', '--study', name],
      ...['--db', join(folder, 'test.db'), ...more],
    ];
    const whole = await run(...study('whole', '--quiet'));
    assert.equal(whole.code, 0, whole.stderr);
    const running = watch(study('killed'), () => {
      if (running.events.length === 5) running.process.kill('SIGKILL');
    });
    assert.equal(await running.ended, null, running.errors());
    const rest = await run(...study('killed', '--continue', '--quiet'));
    assert.equal(rest.code, 0, rest.stderr);
    assert.equal(await leaderboardOf(folder, 'killed'), await leaderboardOf(folder, 'whole'));
  });

  test('a study whose data set was replaced is not gone on with', async () => {
    const again = [
      'data',
      'import',
      'iris',
      'iris.csv',
      '--label',
      'species',
      '--split',
      '60/20/20',
      '--replace',
    ];
    const resume = ['resume', 'whole', '--candidates', '6', '--quiet', '--db', 'test.db'];
    assert.equal((await run(...again, '--seed', '2')).code, 0);
    const refused = await run(...resume);
    assert.equal(refused.code, 2);
    assert.match(
      refused.stderr,
      /the data set iris has other examples now than when the study "whole" was begun/,
    );
    assert.equal((await run(...again)).code, 0);
    assert.equal((await run(...resume)).code, 0);
  });

  test('a convolutional network on a table is refused with its line, and no study begins', async () => {
    const text = readFileSync(join(folder, 'flowers.yaml'), 'utf8');
    const still = text.replace('dataset: flowers', 'dataset: iris').replace(/^augmentation.*\n/m, '');
    writeFileSync(join(folder, 'wrong.yaml'), still);
    const { code, stderr } = await run(
      'search',
      '--child',
      './wrong.yaml',
      '--space',
      'small',
      '--db',
      'none.db',
    );
    assert.equal(code, 2);
    assert.match(stderr, /wrong\.yaml:2:16: .*the model resnet needs images \(iris has rows of 3 numbers\)/);
    assert.equal(existsSync(join(folder, 'none.db')), false);
  });

  test('bad data exit 2 with the place, and bad flags do', async () => {
    mkdirSync(join(folder, 'bad'));
    writeFileSync(join(folder, 'bad', 'a.csv'), 'p,q,label\n1,2,a\n3,x,b\n');
    for (const [args, says] of [
      [['bad', 'bad/a.csv'], /bad\/a\.csv:3: the column "q" is "x"/],
      [['bad', 'iris.csv', '--split', '50/50'], /--split is "50\/50"/],
      [['bad', 'iris.csv', '--seed', '-1'], /--seed/],
      [['bad', 'iris.csv', '--label', 'colour'], /iris\.csv has no column "colour"\.\nIts columns: [a-z]+, /],
    ] as const) {
      const { code, stderr } = await run('data', 'import', ...args);
      assert.equal(code, 2, stderr);
      assert.match(stderr, says);
      assert.doesNotMatch(stderr, / at .*\.js/);
    }
    const removed = await run('data', 'remove', 'digits');
    assert.deepEqual([removed.code, removed.stdout], [0, 'digits: removed\n']);
    assert.equal((await run('data', 'check', 'digits')).code, 2);
  });
});
