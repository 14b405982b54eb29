import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatTable } from '../../src/cli/table.ts';

const columns = [
  { heading: 'RANK', align: 'right' },
  { heading: 'NAME', flexible: true },
  { heading: 'ABOUT' },
] as const;
const rows = [
  ['1', 'a name that is long', 'words that may run over several lines'],
  ['20', 'b', ''],
];

test('a table aligns its columns and leaves no spaces at the ends of lines', () => {
  assert.equal(
    formatTable(columns, rows, { width: 200 }),
    'RANK  NAME                 ABOUT\n' +
      '   1  a name that is long  words that may run over several lines\n' +
      '  20  b',
  );
});

test('a table into a pipe is as wide as it needs to be', () => {
  const wide = { width: Number.POSITIVE_INFINITY };
  assert.equal(formatTable(columns, rows, { ...wide, wrapLast: true }), formatTable(columns, rows, wide));
});

test('a table on a narrow terminal shortens the flexible columns', () => {
  const lines = formatTable(columns, rows, { width: 55 }).split('\n');
  assert.equal(lines[1], '   1  a name th…  words that may run over several lines');
});

test('a table breaks its last column at spaces where it may, and never within a word', () => {
  const lines = formatTable(columns, rows, { width: 40, wrapLast: true }).split('\n');
  assert.deepEqual(lines, [
    'RANK  NAME        ABOUT',
    '   1  a name th…  words that may run',
    '                  over several lines',
    '  20  b',
  ]);
  const word = formatTable([{ heading: 'A' }], [['x'.repeat(50)]], { width: 30, wrapLast: true });
  assert.equal(word, `A\n${'x'.repeat(50)}`);
});

test('a table counts characters, not bytes', () => {
  const lines = formatTable([{ heading: 'β·x' }, { heading: 'B' }], [['x', 'y']]).split('\n');
  assert.deepEqual(lines, ['β·x  B', 'x    y']);
});
