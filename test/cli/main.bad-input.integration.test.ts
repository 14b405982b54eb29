// Needs real processes, and a cache folder without data sets: some 60 starts of the command line, some 20
// seconds.
import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { projectRoot } from '../../src/paths.ts';
import { Store } from '../../src/storage/store.ts';
import { type CommandResult, cli } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { tinyStudy } from './study-support.ts';

const mlp = join(projectRoot, 'children', 'mlp20-mnist.yaml');
// Before the folder is removed.
after(() => chmodSync(join(folder, 'readonly'), 0o755));
const folder = temporaryFolder({ after });

before(() => {
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  write('unknown-key.yaml', 'space: small\ncandidats: 5\n');
  write('malformed.yaml', 'space: small\n  candidates: 5\n');
  write('numbers.yaml', 'space: small\ncandidates: -5\nworkers: 1e9\n');
  write('child.yaml', 'children:\n  - tiny-synthetik\n');
  write('cifar100.yaml', readFileSync(mlp, 'utf8').replace('dataset: mnist', 'dataset: cifar100'));
  write('formula.yaml', 'space: small\ntarget: x*sigmoid(x\n');
  write('unusable-space.yaml', 'unary: [x, 2*x]\nbinary: [x1 + x2]\n');
  write('bad-space.yaml', 'unary:\n  - sigmoid(x)\n  - sigmoyd(x)\nbinary: [x1 + x2]\n');
  write('not-a-database.db', 'this is a text, and no database at all\n'.repeat(50));
  write('folder-is-a-file', '');
  mkdirSync(join(folder, 'readonly'));
  Store.open(join(folder, 'empty.db')).close();
  Store.open(join(folder, 'readonly', 'test.db')).close();
  chmodSync(join(folder, 'readonly', 'test.db'), 0o444);
  chmodSync(join(folder, 'readonly'), 0o555);
});

/**
 * Arguments after which nothing may have changed, and words of message and hint that say what, where and what
 * to do.
 */
type Case = readonly [args: readonly string[], words: RegExp];

const search = [
  'search',
  '--child',
  'tiny-synthetic',
  '--space',
  'small',
  '--candidates',
  '3',
  '--db',
  'test.db',
];
const evaluate = ['evaluate', '--child', 'tiny-synthetic', '--db', 'test.db'];

const cases: readonly Case[] = [
  [['serach'], /unknown command "serach"[\s\S]*"search"/],
  [[...search, '--candidats', '5'], /--candidats[\s\S]*--candidates/],
  [[...search, '--trials', '5'], /--trials is called --candidates now[\s\S]*--candidates 5/],
  [['resume', 'a', '--trials', '5', '--db', 'empty.db'], /--trials is called --candidates now/],
  [[...search, '--space', 'papre'], /unknown search space "papre"[\s\S]*"paper"/],
  [[...search, '--space', './nothing.yaml'], /nothing\.yaml[\s\S]*no such file/],
  [[...search, '--space', 'unusable-space.yaml'], /no usable function/],
  [[...search, '--space', 'bad-space.yaml'], /bad-space\.yaml:3:5[\s\S]*"sigmoid"/],
  [[...search, '--units', '9'], /units/],
  [[...search, '--child', 'tiny-synthetik'], /unknown child "tiny-synthetik"[\s\S]*"tiny-synthetic"/],
  [[...search, '--child', 'tiny-synthetic', '--child', 'tiny-synthetic'], /named twice/],
  [[...search, '--controller', 'ramdom'], /unknown controller "ramdom"[\s\S]*"random"/],
  [[...search, '--target', 'x*sigmoyd(x)'], /1:3[\s\S]*"sigmoid"/],
  [[...search, '--target', 'x*('], /1:\d/],
  [[...search, '--stop-at-target'], /needs a target/],
  [[...search, '--score', 'best'], /--score[\s\S]*log-error-ratio, accuracy, loss or losses/],
  [[...search, '--activation', 'slow'], /--activation[\s\S]*composed or fused/],
  [[...search, '--study', '../up'], /--study[\s\S]*letters, digits/],
  ...['-1', '0', '1.5', 'NaN', 'Infinity', '1e99', 'many', ''].flatMap((value): Case[] => [
    [[...search, '--candidates', value], /--candidates[\s\S]*whole number/],
    [[...search, '--workers', value], /--workers[\s\S]*whole number/],
  ]),
  [[...search, '--seed', '-1'], /--seed[\s\S]*whole number from 0/],
  [[...search, '--steps', '0'], /--steps[\s\S]*whole number/],
  [[...search, '--seeds', '1,1'], /each seed once/],
  [[...search, '--time', '-5m'], /--time[\s\S]*90s, 10m or 1h30m/],
  [[...search, '--time', 'soon'], /--time[\s\S]*90s, 10m or 1h30m/],
  [[...search, 'nothing.yaml'], /nothing\.yaml[\s\S]*no such file/],
  [[...search, 'unknown-key.yaml'], /unknown-key\.yaml:2:1[\s\S]*"candidats"[\s\S]*"candidates"/],
  [[...search, 'malformed.yaml'], /malformed\.yaml:\d+:\d+/],
  [['search', '--child', 'tiny-synthetic', 'unknown-key.yaml', '--db', 'test.db'], /unknown-key\.yaml:2:1/],
  [['search', '--child', 'unknown-key.yaml', '--db', 'test.db'], /at least one child|unknown-key\.yaml:2:1/],
  [['search', 'numbers.yaml', '--db', 'test.db'], /numbers\.yaml:2:13[\s\S]*numbers\.yaml:3:10/],
  [['search', 'child.yaml', '--db', 'test.db'], /child\.yaml:2:5[\s\S]*"tiny-synthetic"/],
  [['search', 'formula.yaml', '--db', 'test.db'], /formula\.yaml:2:\d+/],
  [[...search.slice(0, -1), 'not-a-database.db'], /not-a-database\.db[\s\S]*not/i],
  [[...search.slice(0, -1), 'nowhere/test.db'], /nowhere[\s\S]*mkdir/],
  [[...search.slice(0, -1), 'folder-is-a-file/test.db'], /folder-is-a-file/],
  [['resume', 'nothing', '--db', 'nothing.db'], /nothing\.db[\s\S]*does not exist/],
  [['resume', 'nothing', '--db', 'empty.db'], /no study "nothing"/],
  [['resume'], /missing required argument[\s\S]*npx activation-search resume --help/],
  [['data', 'import', 'mine'], /missing required argument 'path'[\s\S]*activation-search data import --help/],
  [['data', 'export', 'mnist', 'a'], /'--to <form>' not specified\n--to <form>: npz: .*png-folder/],
  [
    ['resume', 'a', '--controller', 'rl', '--db', 'empty.db'],
    /--controller: a study keeps[\s\S]*start another study/,
  ],
  [['resume', 'a', '--candidates', '0', '--db', 'empty.db'], /--candidates[\s\S]*whole number/],
  [[...evaluate, 'x*sigmoyd(x)'], /1:3[\s\S]*"sigmoid"/],
  [[...evaluate, '-x*sigmoyd(-x)'], /1:4[\s\S]*"sigmoid"/],
  [['evaluate', '--db', 'test.db', '--child', 'tiny-synthetic', 'x*sigmoyd(x)'], /1:3[\s\S]*"sigmoid"/],
  [['evaluate', '--child', 'tiny-synthetic', '--db', 'test.db'], /no function to evaluate[\s\S]*--top/],
  [[...evaluate, '3*x'], /cannot be trained/],
  [[...evaluate, 'tanh(x)', 'sinh(x)/cosh(x)'], /the same function/],
  [[...evaluate, 'tanh(x)', '--seeds', '0'], /--seeds/],
  [['evaluate'], /no function to evaluate/],
  [['study', 'lst', '--db', 'x.db'], /unknown command "study lst"\.\nDid you mean "list"/],
  [['space', 'cuont', 'paper', '--seed', '1'], /unknown command "space cuont"\.\nDid you mean "count"/],
  [['data', '--json', 'list'], /unknown option '--json'\nOptions stand behind the subcommand/],
  [['show', '1.5'], /"1\.5" has no x: it is a constant/],
  [
    ['study', 'copy', 'nowhere/a.db', '--db', 'empty.db'],
    /nowhere\/a\.db cannot be written: there is no such folder/,
  ],
  [['dashboard', '--host', '', '--port', '0', '--db', 'empty.db'], /the host is empty[\s\S]*--host/],
  [['trial', 'replay', '7', '--db', 'empty.db'], /no trial 7/],
  [['trial', 'replay', 'x', '--db', 'empty.db'], /whole number/],
  [['trial', 'replay', '7', '--db', 'nothing.db'], /nothing\.db[\s\S]*does not exist/],
  [['trial', 'list', '--db', 'empty.db'], /no study yet/],
  [['trial', 'list', '--study', 'x', '--db', 'empty.db'], /no study "x"/],
  // What is only imported is not said to be fetched.
  [['data', 'fetch', 'cifar100'], /^error: cifar100 cannot be fetched[^\n]*\n.*data import cifar100 PATH/],
  [
    ['children', 'check', 'cifar100.yaml'],
    /^error: .*cifar100 is not on this machine[\s\S]*data import cifar100/,
  ],
  [['children', 'check', 'mlp20-mnist'], /^error: .*mnist is not on this machine[\s\S]*data fetch mnist/],
  // Without the data set and without network: the fetch fails before anything is made.
  [['search', '--child', 'mlp20-mnist', '--candidates', '2', '--db', 'test.db'], /mnist/],
];

test('bad input exits with 2, says what to do, and changes nothing', async () => {
  const before = contents(folder);
  for (const [args, words] of cases) {
    const result = await offline(args);
    const shown = `${args.join(' ')}\n${result.stdout}${result.stderr}`;
    assert.equal(result.code, 2, shown);
    assert.equal(result.stdout, '', shown);
    assert.match(result.stderr, words, shown);
    assert.match(result.stderr, /^error: /m, shown);
    assert.ok(!/\n {4}at /.test(result.stderr), shown);
    assert.deepEqual(contents(folder), before, shown);
  }
});

test('a database that cannot be written is refused', {
  skip: process.getuid?.() === 0 && 'root may write',
}, async () => {
  const result = await offline([...search.slice(0, -1), 'readonly/test.db']);
  assert.equal(result.code, 2, result.stderr);
  assert.match(result.stderr, /readonly/);
});

test('a study goes on only with what it was begun with: else exit code 2, with the keys that contradict', async () => {
  const begun = await cli([...tinyStudy(folder, 'begun', '--candidates', '4', '--seed', '3'), '--quiet']);
  assert.equal(begun.code, 0, begun.stderr);
  const resume = (...args: string[]): Promise<CommandResult> =>
    offline(['resume', 'begun', '--db', 'test.db', ...args]);
  const common = 'space: small\nchildren: [tiny-synthetic]\nseed: 3\n';
  writeFileSync(join(folder, 'same.yaml'), `${common}candidates: 5\nworkers: 1\n`);
  writeFileSync(join(folder, 'other.yaml'), `${common}seeds: 2\nscore: {kind: loss}\ncandidates: 5\n`);
  writeFileSync(join(folder, 'space.yaml'), common.replace('small', 'paper'));
  const before = contents(folder);
  const other = await resume('other.yaml');
  assert.equal(other.code, 2, other.stderr);
  assert.match(other.stderr, /contradicts the study "begun" in: rungs .*score/);
  const space = await resume('space.yaml');
  assert.equal(space.code, 2, space.stderr);
  assert.match(space.stderr, /contradicts the study "begun" in: space .*paper/);
  const fewer = await resume('--candidates', '2');
  assert.equal(fewer.code, 2, fewer.stderr);
  assert.match(fewer.stderr, /has evaluated 4 already/);
  const shorter = await resume('--time', '0.001s');
  assert.equal(shorter.code, 2, shorter.stderr);
  assert.match(shorter.stderr, /has run for/);
  assert.deepEqual(contents(folder), before);
  const same = await resume('same.yaml', '--json');
  assert.equal(same.code, 0, same.stderr);
  assert.match(same.stdout.trim().split('\n').at(-1) ?? '', /"evaluated":5/);
});

function offline(args: readonly string[]): Promise<CommandResult> {
  return cli(args, {
    cwd: folder,
    env: {
      ACTIVATION_SEARCH_CACHE: join(folder, 'cache'),
      npm_config_registry: 'http://127.0.0.1:9/',
      https_proxy: 'http://127.0.0.1:9/',
      http_proxy: 'http://127.0.0.1:9/',
      npm_config_fetch_retries: '0',
    },
  });
}

/** Every file of a folder with its time and text; SQLite's side files of a reader come and go. */
function contents(root: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
    const path = join(root, name);
    if (/-(wal|shm)$/.test(name) || !existsSync(path) || statSync(path).isDirectory()) continue;
    files[name] = `${statSync(path).mtimeMs} ${readFileSync(path, 'latin1').length}`;
  }
  return files;
}
