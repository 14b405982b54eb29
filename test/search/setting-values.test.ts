import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  duration,
  namesFrom,
  numberFrom,
  numbersFrom,
  optionsFrom,
  parseDuration,
} from '../../src/search/setting-values.ts';

test('times are read as people write them', () => {
  for (const [text, seconds] of [
    ['90s', 90],
    ['10m', 600],
    ['1h30m', 5400],
    ['0.5h', 1800],
    ['1h1m1s', 3661],
  ] as const) {
    assert.equal(parseDuration(text), seconds, text);
    assert.equal(duration.parse(text), seconds, text);
  }
  for (const text of ['', '5', '5 minutes', '-1s', '1m1h', '1e3s', 'NaN'])
    assert.equal(parseDuration(text), undefined, text);
});

test('a time without length or beyond a year is refused', () => {
  for (const given of ['0s', 0, -5, '9999999h', Number.NaN, Number.POSITIVE_INFINITY])
    assert.equal(duration.safeParse(given).success, false, String(given));
});

test('the text of a flag becomes a number only if it is one', () => {
  assert.deepEqual(['12', '-1', '1.5', '0'].map(numberFrom), [12, -1, 1.5, 0]);
  for (const text of ['NaN', 'Infinity', '', '1e3', '0x10', '1 2', 'many'])
    assert.equal(numberFrom(text), text);
  assert.equal(numbersFrom('3'), 3);
  assert.deepEqual(numbersFrom('1,2,x'), [1, 2, 'x']);
  assert.deepEqual(namesFrom('Swish, GELU'), ['Swish', 'GELU']);
});

test('options of a controller are gathered from one flag each', () => {
  const both = optionsFrom('failed=true', optionsFrom('population=50'));
  assert.deepEqual(both, { population: 50, failed: true });
  assert.deepEqual(optionsFrom('population'), { population: '' });
});
