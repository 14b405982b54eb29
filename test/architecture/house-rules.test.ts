import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { type SourceFile, sourceFiles } from './sources.ts';

const product = sourceFiles(['src'], ['.ts']);
const native = sourceFiles(['src/native'], ['.cc', '.hpp']);
/** What export writes is as long as its formulas. */
const isGolden = /^test\/export\/golden\//;
const tests = sourceFiles(['test', 'bench'], ['.ts']).filter(({ path }) => !isGolden.test(path));
const scripts = sourceFiles(['scripts', 'bin'], ['.mjs', '.js']);
const all = [...product, ...native, ...tests, ...scripts];

const mostColumns = 110;
const mostLines = { product: 250, tests: 350 };
const mostFunctionLines = 60;

/** Files that are a table: one row for each thing of a kind. */
const tables: readonly string[] = ['src/expression/operators.ts', 'src/search/study-settings.ts'];

/** Functions that are a table, or a list of declarations without branches. */
const tableFunctions: readonly string[] = [
  'src/storage/statements.ts: prepareStatements',
  'src/activation/gradient-steps.ts: gradientSteps',
];

/** Tests of something else than a module of src. */
const ofNoModule: readonly string[] = [
  'test/architecture/',
  'test/bench/',
  'test/examples/',
  'test/setup/',
  'test/smoke/',
  // A whole study, held to the one that was made before.
  'test/search/golden.integration.test.ts',
];

test(`comments fit ${mostColumns} columns`, () => {
  const wide = all.flatMap(({ path, text }) =>
    text
      .split('\n')
      .flatMap((line, index) =>
        line.length > mostColumns && isComment(line) ? [`${path}:${index + 1}: ${line.length} columns`] : [],
      ),
  );
  assert.deepEqual(wide, []);
});

test('no module is longer than 250 lines, and no test than 350, tables aside', () => {
  const long = all
    .filter(({ path }) => !tables.includes(path))
    .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
    .filter(
      ({ path, lines }) => lines > (/^(test|bench)\//.test(path) ? mostLines.tests : mostLines.product),
    );
  assert.deepEqual(
    long.map(({ path, lines }) => `${path}: ${lines} lines`),
    [],
  );
});

test(`no function of the product is longer than ${mostFunctionLines} lines, tables aside`, () => {
  const long = product
    .flatMap(functionsOf)
    .filter(({ name, lines }) => lines > mostFunctionLines && !tableFunctions.includes(name));
  assert.deepEqual(
    long.map(({ name, lines }) => `${name}: ${lines} lines`),
    [],
  );
});

test('a name is exported by one module only', () => {
  const places = new Map<string, string[]>();
  for (const { path, code } of product) {
    for (const [, name = ''] of code.matchAll(exportedName))
      places.set(name, [...(places.get(name) ?? []), path]);
  }
  const several = [...places].filter(([, paths]) => paths.length > 1);
  assert.deepEqual(
    several.map(([name, paths]) => `${name}: ${paths.join(', ')}`),
    [],
  );
});

test('tests are written with test and suite, not with describe and it', () => {
  const others = tests.flatMap(({ path, code }) =>
    [...code.matchAll(/import (?:type )?\{([^}]*)\} from 'node:test'/g)]
      .flatMap(([, names = '']) => names.split(',').map((name) => name.trim()))
      .filter((name) => /^(?:describe|it)\b/.test(name))
      .map((name) => `${path}: ${name}`),
  );
  assert.deepEqual(others, []);
});

test('a test stands where its module stands, and has its name up to the first dot', () => {
  const paths = [...product, ...native].map(({ path }) => path.replace(/\.(?:ts|cc|hpp)$/, ''));
  const modules = new Set(paths.flatMap((path) => [path, dirname(path)]));
  const lonely = tests
    .map(({ path }) => path)
    .filter((path) => path.endsWith('.test.ts') && !ofNoModule.some((place) => path.startsWith(place)))
    .filter((path) => !modules.has(`src/${path.slice('test/'.length).replace(/\..*$/, '')}`));
  assert.deepEqual(lonely, []);
});

test('every exception of these rules names something that exists', () => {
  const paths = new Set(all.map(({ path }) => path));
  const functions = new Set(product.flatMap(functionsOf).map(({ name }) => name));
  assert.deepEqual(
    [
      ...tables.filter((path) => !paths.has(path)),
      ...tableFunctions.filter((name) => !functions.has(name)),
      ...ofNoModule.filter((place) => ![...paths].some((path) => path.startsWith(place))),
    ],
    [],
  );
});

const exportedName =
  /^export (?:declare )?(?:async )?(?:abstract )?(?:const|let|function\*?|class|interface|type) (\w+)/gm;

function isComment(line: string): boolean {
  return /^\s*(?:\/\/|\/\*|\*|#)/.test(line) || /\s\/\/ \S/.test(line);
}

/**
 * The functions and methods of a formatted file: from the line that names one to the brace at its
 * indentation.
 */
function functionsOf({ path, text }: SourceFile): readonly { name: string; lines: number }[] {
  const lines = text.split('\n');
  return lines.flatMap((line, start) => {
    const match = functionStart.exec(line);
    if (!match) return [];
    const [, indent = '', ...names] = match;
    const length = lines.slice(start).findIndex((later) => new RegExp(`^${indent}\\}`).test(later)) + 1;
    return [{ name: `${path}: ${names.find((name) => name !== undefined)}`, lines: length }];
  });
}

/** A function, a method of a class, or a constant that is an arrow function with a body. */
const functionStart =
  /^( *)(?:(?:export )?(?:async )?function\*? (\w+)|(?:static |async |get |set |override )*(#?\w+)\([^;]*\{$|(?:export )?const (\w+) = (?:async )?\(.*=> \{$)/;
