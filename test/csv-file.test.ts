import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type CsvRow, readCsvFile } from '../src/csv-file.ts';
import { temporaryFolder } from './support/temporary.ts';

const folder = temporaryFolder({ after });

function rows(text: string): readonly CsvRow[] {
  const file = join(folder, 't.csv');
  writeFileSync(file, text);
  return readCsvFile(file, 't.csv', { database: 'Name a study.', malformed: 'Quote commas.' });
}

test('records are fields without their quotes; empty lines and a byte order mark are no part of them', () => {
  assert.deepEqual(
    rows('\ufeffa,b\r\n\r\n"x, ""y""",\r\n').map(({ fields }) => fields),
    [
      ['a', 'b'],
      ['x, "y"', ''],
    ],
  );
  assert.deepEqual(rows(''), []);
});

test('a field has the place of its first character; one of a record of several lines that of the record', () => {
  const [, quoted, long] = rows('a,b,c\n"x, y",5,"z"\n1,"two\nlines",3\n') as [CsvRow, CsvRow, CsvRow];
  assert.deepEqual(
    [0, 1, 2].map((index) => quoted.placeOf(index)),
    [2, 8, 11].map((column) => ({ file: 't.csv', line: 2, column })),
  );
  assert.deepEqual(
    [long.place, long.placeOf(2)],
    [
      { file: 't.csv', line: 3 },
      { file: 't.csv', line: 3 },
    ],
  );
});

test('empty lines before a record do not move its place', () => {
  for (const end of ['\n', '\r\n']) {
    const lines = ['', '', 'a,b', '', '1,22', '', '"x",y', ''];
    assert.deepEqual(
      rows(lines.join(end)).map((row) => row.placeOf(1)),
      [
        [3, 3],
        [5, 3],
        [7, 5],
      ].map(([line, column]) => ({ file: 't.csv', line, column })),
    );
  }
});

test('what is no CSV file is refused with its line and what to do', () => {
  assert.throws(() => rows('a,b\n1,2\n3\n'), {
    code: 'config',
    message: /not a CSV file/,
    place: { file: 't.csv', line: 3 },
    hint: 'Quote commas.',
  });
  assert.throws(() => rows('SQLite format 3\0'), { message: /a database/, hint: 'Name a study.' });
});
