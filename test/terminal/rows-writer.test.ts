import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cell } from '../../src/terminal/csv.ts';
import { type Rows, tableWriter, writeCsv, writeJson } from '../../src/terminal/rows-writer.ts';

function result(columns: readonly string[], ...rows: readonly (readonly Cell[])[]): Rows {
  return { columns, rows: rows.values() };
}

const pipe = { width: Number.POSITIVE_INFINITY, unicode: true };

const sample = (): Rows =>
  result(['id', 'id', 'text'], [1, 9007199254740993n, 'a "b", c'], [2, null, Buffer.from([0, 255])]);

test('JSON is one document, with names made unique and large integers whole', () => {
  const text = [...writeJson(sample())].join('');
  assert.equal(
    text,
    '[\n{"id":1,"id_2":9007199254740993,"text":"a \\"b\\", c"},\n{"id":2,"id_2":null,"text":"00ff"}\n]\n',
  );
  assert.equal([...writeJson(result(['a']))].join(''), '[]\n');
  assert.equal([...writeJson(result(['a'], [Number.POSITIVE_INFINITY]))].join(''), '[\n{"a":null}\n]\n');
});

test('CSV quotes what needs it and leaves NULL empty', () => {
  assert.equal(
    [...writeCsv(sample())].join(''),
    'id,id_2,text\r\n1,9007199254740993,"a ""b"", c"\r\n2,,00ff\r\n',
  );
});

test('a table is aligned, numbers to the right, on one line a row', () => {
  const text = [
    ...tableWriter(pipe)(result(['n', 'word'], [1, 'one'], [1000, 'two\nlines\u001b[2J'], [null, ''])),
  ].join('');
  assert.equal(text, '   n  word\n----  -------------\n   1  one\n1000  two lines [2J\nNULL\n');
});

test('a table for a terminal is no wider than it', () => {
  for (const room of [1, 10, 40, 80]) {
    const text = [
      ...tableWriter({ width: room, unicode: true })(
        result(['long name of a column', 'b'], ['x'.repeat(200), 'y'.repeat(30)]),
      ),
    ].join('');
    for (const line of text.split('\n')) assert.ok(line.length <= room, `${line.length} > ${room}`);
  }
});

test('a table for a narrow terminal says how many columns it leaves out', () => {
  const rows = () => result(['first', 'second', 'third'], ['x'.repeat(20), 'y'.repeat(20), 'z'.repeat(20)]);
  const at = (width: number) => [...tableWriter({ width, unicode: true })(rows())].join('');
  assert.match(at(20), /^first +second\n[\s\S]*\n1 column left out:/);
  assert.doesNotMatch(at(80), /left out/);
});

test('rows beyond the first two hundred are written as they come', () => {
  let asked = 0;
  const rows = (function* () {
    for (; asked < 100_000; asked++) yield [asked];
  })();
  const pieces = tableWriter(pipe)({ columns: ['n'], rows });
  for (let index = 0; index < 10; index++) pieces.next();
  assert.ok(asked <= 200, `${asked} rows were read for the first ten lines`);
  assert.equal([...pieces].length, 100_000 - 9);
});
