import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { type Column, tableText, wrap } from '../../src/terminal/table.ts';

const columns: readonly Column[] = [
  { heading: 'RANK', align: 'right' },
  { heading: 'NAME', narrow: 'cut' },
  { heading: 'ABOUT', narrow: 'wrap' },
];
const rows = [
  ['1', 'a name that is long', 'words that may run over several lines'],
  ['20', 'b', ''],
];
const screen = (width: number) => ({ width, unicode: true });
const pipe = screen(Number.POSITIVE_INFINITY);
const lines = (width: number): readonly string[] => tableText(columns, rows, screen(width)).split('\n');

test('a table aligns its columns and leaves no spaces at the ends of lines', () => {
  const whole = [
    'RANK  NAME                 ABOUT',
    '   1  a name that is long  words that may run over several lines',
    '  20  b',
  ];
  assert.deepEqual(lines(200), whole);
  assert.deepEqual(lines(Number.POSITIVE_INFINITY), whole);
});

test('in a narrow terminal the last column runs over several lines, then others are cut', () => {
  assert.deepEqual(lines(55), [
    'RANK  NAME                 ABOUT',
    '   1  a name that is long  words that may run over',
    '                           several lines',
    '  20  b',
  ]);
  assert.deepEqual(lines(42), [
    'RANK  NAME        ABOUT',
    '   1  a name th…  words that may run over',
    '                  several lines',
    '  20  b',
  ]);
  assert.match(tableText(columns, rows, { width: 42, unicode: false }), /a name th~/);
});

test('columns leave in their order where there is no room to wrap, and empty ones may be left out', () => {
  const leaving: readonly Column[] = [
    { heading: 'first', leaves: 2 },
    { heading: 'second', leaves: 1 },
    { heading: 'none', optional: true },
    { heading: 'text', narrow: 'wrap' },
  ];
  const row = [['1', '2', '', 'some text that is longer than its room']];
  const heading = (width: number) => tableText(leaving, row, screen(width)).split('\n')[0];
  assert.deepEqual([80, 38, 31, 25].map(heading), [
    'first  second  text',
    'first  text',
    'first  text',
    'text',
  ]);
});

test('the last column keeps its whole text in a terminal too narrow for all columns', () => {
  const many: readonly Column[] = [
    ...Array.from({ length: 9 }, (_, index) => ({ heading: `column ${index}` })),
    { heading: 'function', narrow: 'wrap' },
  ];
  const formula = 'max(x, sin(x))*sigmoid(beta*x)';
  const row = [...many.slice(1).map(() => 'a value'), formula];
  for (const width of [80, 40, 24, 10]) {
    const text = tableText(many, [row], screen(width)).split('\n');
    assert.ok(text.every((line) => line.length <= width));
    const indent = text[0]?.indexOf('function') as number;
    const last = text.map((line) => line.slice(indent).replaceAll(' ', '')).join('');
    assert.ok(last.includes(formula.replaceAll(' ', '')), `${width}: ${last}`);
    assert.ok(text.length <= 10, `${width}: ${text.length} lines`);
  }
});

test('in a terminal of any width numbers and names stand whole or not at all', () => {
  const right = { align: 'right' } as const;
  const leaving: readonly Column[] = [
    { heading: 'trial', ...right },
    { heading: 'child', leaves: 2 },
    { heading: 'steps', ...right, leaves: 1 },
    { heading: 'function', narrow: 'wrap' },
  ];
  const staying: readonly Column[] = [
    { heading: 'machine' },
    { heading: 'process', ...right },
    { heading: 'for', ...right },
    { heading: 'study' },
    { heading: 'trains', narrow: 'wrap' },
  ];
  const withoutWrapping: readonly Column[] = [
    { heading: 'function', narrow: 'cut' },
    ...['blocks', 'ahead', 'loss'].map((heading) => ({ heading, ...right })),
  ];
  const formula = 'min(max(x, 0), sigmoid(beta*x)*x)';
  const tables: readonly (readonly [readonly Column[], readonly string[]])[] = [
    [leaving, ['1234', 'resnet20-cifar10', '2,400', formula]],
    [staying, ['host.example', '123456', '3 h 12 min', 'quickstart', formula]],
    [withoutWrapping, ['min(max(x,0),sin(x))', '123456', '0.1234', '2.3456']],
  ];
  for (const [columns, row] of tables) {
    for (let width = 20; width <= 120; width++) {
      const lines = tableText(columns, [row], screen(width)).split('\n');
      const [headings = '', first = ''] = lines;
      assert.ok(
        lines.every((line) => line.length <= width),
        `${width}`,
      );
      for (const cell of first.trim().split(/ {2,}/)) {
        const isWhole = row.includes(cell);
        assert.ok(isWhole || formula.startsWith(cell) || cell.endsWith('…'), `${width}: ${first}`);
      }
      assert.ok(headings.includes(columns[0]?.heading as string), `${width}: ${headings}`);
    }
  }
});

test('a column that wraps gets narrower before others leave that have no order to', () => {
  const staying: readonly Column[] = [
    { heading: 'machine' },
    { heading: 'process', align: 'right' },
    { heading: 'trains', narrow: 'wrap' },
  ];
  const row = [['host', '123456', 'words that run over lines']];
  const heading = (width: number) => tableText(staying, row, screen(width)).split('\n')[0];
  assert.deepEqual([40, 26, 25, 13, 12].map(heading), [
    'machine  process  trains',
    'machine  process  trains',
    'machine  trains',
    'machine  trai',
    'trains',
  ]);
});

test('a formula that wraps is broken after operators and keeps every character', () => {
  const formula = 'sigmoid(beta*x)*(x + beta2[0])*max(x, sin(x))';
  assert.deepEqual(wrap(formula, 20), ['sigmoid(beta*x)*(x +', 'beta2[0])*max(x,', 'sin(x))']);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), (width) => {
      const pieces = wrap(formula, width);
      assert.ok(pieces.every((piece) => piece.length <= width));
      assert.equal(pieces.join('').replaceAll(' ', ''), formula.replaceAll(' ', ''));
    }),
  );
});

test('no line is longer than the terminal, however narrow, and none is cut in a pipe', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 120 }), (width) => {
      for (const line of lines(width)) assert.ok(line.length <= width, `${line.length} > ${width}`);
    }),
  );
  const wide = tableText([{ heading: 'A', narrow: 'cut' }], [['x'.repeat(5000)]], pipe);
  assert.equal(wide, `A\n${'x'.repeat(5000)}`);
});

test('a table counts characters, not bytes', () => {
  const text = tableText([{ heading: 'β·x' }, { heading: 'B' }], [['x', 'y']], pipe);
  assert.equal(text, 'β·x  B\nx    y');
});
