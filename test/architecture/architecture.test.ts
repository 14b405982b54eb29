import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../../src/paths.ts';
import { importCycles, sourceFiles } from './sources.ts';

/** The rooms of src/, from the ground up: a file imports only from its own room and those above its line. */
const rooms = [
  [
    'errors',
    'random',
    'logger',
    'paths',
    'revision',
    'yaml-file',
    'csv-file',
    'whole-file',
    'shipped-files',
    'schema-problems',
    'tensorflow-library',
  ],
  ['terminal'],
  ['plot'],
  ['expression'],
  ['catalog'],
  ['search-space'],
  ['export'],
  ['tensorflow-binding'],
  ['tensorflow'],
  ['arithmetic'],
  ['activation'],
  ['network'],
  ['datasets'],
  ['children'],
  ['trial'],
  ['queue'],
  ['controllers'],
  ['study'],
  ['storage'],
  ['ranking'],
  ['search'],
  ['report'],
  ['comparison'],
  ['evaluation'],
  ['fidelity'],
  ['dashboard'],
  ['doctor'],
  ['library'],
  ['index'],
  ['cli'],
] as const;

/** Where a package may be imported; a package that is not listed may be nowhere. */
const packagePlaces: Readonly<Record<string, readonly string[]>> = {
  '@tensorflow/tfjs-node': ['src/tensorflow-binding.ts'],
  '@hono/node-server': ['src/dashboard/'],
  hono: ['src/dashboard/'],
  'hono/html': ['src/dashboard/'],
  'hono/streaming': ['src/dashboard/'],
  '@bufbuild/protobuf': ['src/export/'],
  '@resvg/resvg-js': ['src/plot/'],
  'better-sqlite3': ['src/storage/'],
  bullmq: ['src/queue/'],
  commander: ['src/cli/'],
  'csv-parse': ['src/csv-file.ts', 'src/datasets/'],
  'csv-stringify': ['src/terminal/'],
  'd3-scale': ['src/plot/'],
  'd3-shape': ['src/plot/'],
  'decimal.js': ['src/expression/high-precision.ts'],
  'fast-png': ['src/datasets/'],
  'fastest-levenshtein': ['src/errors.ts'],
  ioredis: ['src/queue/'],
  'jpeg-js': ['src/datasets/'],
  picocolors: ['src/terminal/'],
  pino: ['src/logger.ts'],
  'pure-rand': ['src/random.ts'],
  tar: ['src/datasets/'],
  temml: ['src/report/'],
  yaml: ['src/yaml-file.ts', 'src/search-space/'],
  yauzl: ['src/datasets/'],
  yazl: ['src/datasets/'],
  zod: ['src/'],
};

const product = sourceFiles(['src'], ['.ts']);
const typescript = sourceFiles(['src', 'test', 'bench'], ['.ts']);
const all = [...typescript, ...sourceFiles(['scripts', 'bin'], ['.mjs', '.js'])];

test('every file of src belongs to a room', () => {
  assert.deepEqual(
    product.filter(({ path }) => level(path) < 0).map(({ path }) => path),
    [],
  );
});

test('a file imports only from its own room and from rooms above it in the list', () => {
  const wrong = product.flatMap(({ path, imports }) =>
    imports
      .filter((target) => target.startsWith('src/'))
      .filter(
        (target) => level(target) > level(path) || (level(target) === level(path) && strangers(path, target)),
      )
      .map((target) => `${path} imports ${target}`),
  );
  assert.deepEqual(wrong, []);
});

test('product code imports neither tests nor benches nor scripts', () => {
  const wrong = product.flatMap(({ path, imports }) =>
    imports
      .filter((target) => /^(test|bench|scripts|bin|build)\//.test(target))
      .map((target) => `${path}: ${target}`),
  );
  assert.deepEqual(wrong, []);
});

test('no imports go round in circles', () => {
  assert.deepEqual(importCycles(typescript), []);
});

test('each package is imported only where it belongs', () => {
  const wrong = product.flatMap(({ path, imports }) =>
    imports
      .filter((target) => !target.startsWith('src/') && !target.startsWith('node:'))
      .filter((name) => !(packagePlaces[name] ?? []).some((place) => path.startsWith(place)))
      .map((name) => `${path} imports ${name}`),
  );
  assert.deepEqual(wrong, []);
});

/** Packages of files that are read, not imported: headers to compile the fused kernel, fonts for pictures. */
const packagesOfFiles = ['node-api-headers', 'dejavu-fonts-ttf'];

test('each dependency of package.json is imported somewhere', () => {
  const { dependencies } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const used = new Set([...packagesOfFiles, ...product.flatMap(({ imports }) => imports)]);
  assert.deepEqual(
    Object.keys(dependencies).filter((name) => !used.has(name)),
    [],
  );
});

test('no file is longer than 350 lines, but for lists that have one row for each thing', () => {
  const lists = ['src/expression/operators.ts'];
  const long = all.filter(({ path, text }) => text.split('\n').length > 351 && !lists.includes(path));
  assert.deepEqual(
    long.map(({ path, text }) => `${path}: ${text.split('\n').length - 1}`),
    [],
  );
});

test('nothing is typed any, and there are no enums and no default exports', () => {
  const forbidden = [/(?::|\bas|<|,|\||=)\s*any\b/, /\bany\[\]/, /\benum\s+\w/, /\bexport\s+default\b/];
  assert.deepEqual(linesWith(typescript, forbidden), []);
});

test('no file leaves work for later', () => {
  const marks = /\b(T[O]DO|F[I]XME|X[X]X)\b/;
  const wrong = all.filter(({ text }) => marks.test(text)).map(({ path }) => path);
  assert.deepEqual(wrong, []);
});

test('results depend neither on Math.random nor on unseeded shuffles', () => {
  // A child in JavaScript may draw from it: it is made to start from the trial's seed.
  const others = product.filter(({ path }) => path !== 'src/trial/module-child.ts');
  assert.deepEqual(linesWith(others, [/\bMath\.random\b/, /\butil\.shuffle\b/]), []);
});

test('file names are in kebab case', () => {
  const wrong = all.filter(
    ({ path }) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*\.(ts|mjs|js)$/.test(basename(path)),
  );
  assert.deepEqual(
    wrong.map(({ path }) => path),
    [],
  );
});

test('ARCHITECTURE.md names every room of src', () => {
  const text = readFileSync(join(projectRoot, 'ARCHITECTURE.md'), 'utf8');
  const folders = readdirSync(join(projectRoot, 'src'), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  assert.deepEqual(
    folders.map(({ name }) => `\`${name}/\``).filter((name) => !text.includes(name)),
    [],
  );
});

/** The room's place in the list; -1 for a path of no room. */
function level(path: string): number {
  return rooms.findIndex((names) => (names as readonly string[]).includes(roomOf(path)));
}

function roomOf(path: string): string {
  return (path.split('/')[1] ?? '').replace(/\.ts$/, '');
}

/** Files of one level but of different rooms; on the ground floor any may import any. */
function strangers(path: string, target: string): boolean {
  return level(path) > 0 && roomOf(path) !== roomOf(target);
}

function linesWith(files: readonly { path: string; code: string }[], patterns: readonly RegExp[]): string[] {
  return files.flatMap(({ path, code }) =>
    code
      .split('\n')
      .filter((line) => patterns.some((pattern) => pattern.test(line)))
      .map((line) => `${path}: ${line.trim()}`),
  );
}
