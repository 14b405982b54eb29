import assert from 'node:assert/strict';
import { test } from 'node:test';
import { duration, positiveInteger, seedNumber } from '../../src/cli/options.ts';

const refused = { name: 'InvalidArgumentError' } as const;

test('a duration is read in hours, minutes and seconds', () => {
  for (const [given, seconds] of [
    ['90s', 90],
    ['10m', 600],
    ['1h30m', 5400],
    ['0.5h', 1800],
    ['1h1m1s', 3661],
  ] as const) {
    assert.equal(duration(given), seconds, given);
  }
});

test('a duration without unit, of no length, negative or beyond a year is refused', () => {
  for (const given of ['', '10', '0s', '-5m', 'NaN', '5 minutes', '9999999h', '1e3s']) {
    assert.throws(() => duration(given), refused, given);
  }
});

test('counts must be whole and positive, and no greater than allowed', () => {
  assert.equal(positiveInteger()('12'), 12);
  for (const given of ['0', '-1', '1.5', 'NaN', 'Infinity', '', '1e3', '0x10', '99999999999']) {
    assert.throws(() => positiveInteger()(given), refused, given);
  }
  assert.throws(() => positiveInteger(8)('9'), refused);
});

test('a seed may be 0 but not negative or beyond 31 bits', () => {
  assert.equal(seedNumber('0'), 0);
  assert.equal(seedNumber('2147483647'), 2147483647);
  for (const given of ['-1', '2147483648', '1.5', 'seed'])
    assert.throws(() => seedNumber(given), refused, given);
});
