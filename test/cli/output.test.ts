import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toCsv } from '../../src/cli/output.ts';

test('CSV quotes what holds commas, quotes or line ends, and leaves nothing where there is nothing', () => {
  const text = toCsv(
    ['expression', 'score'],
    [
      ['max(x, 0)', 0],
      ['a "b"', null],
      ['two\nlines', 1.5],
    ],
  );
  assert.equal(text, 'expression,score\r\n"max(x, 0)",0\r\n"a ""b""",\r\n"two\nlines",1.5\r\n');
});
