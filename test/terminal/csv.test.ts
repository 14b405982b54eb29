import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvText } from '../../src/terminal/csv.ts';

test('CSV quotes what holds commas, quotes or line ends, and leaves nothing where there is nothing', () => {
  const text = csvText([
    ['expression', 'score'],
    ['max(x, 0)', 0],
    ['a "b"', null],
    ['two\nlines', 1.5],
    ['one\rreturn', true],
    ['', 2n ** 60n],
    [Buffer.from([0, 255]), ' '],
  ]);
  assert.deepEqual(text.split('\r\n'), [
    'expression,score',
    '"max(x, 0)",0',
    '"a ""b""",',
    '"two\nlines",1.5',
    '"one\rreturn",true',
    ',1152921504606846976',
    '00ff, ',
    '',
  ]);
});
