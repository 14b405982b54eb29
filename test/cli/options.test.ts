import assert from 'node:assert/strict';
import { test } from 'node:test';
import { positiveInteger, seedNumber } from '../../src/cli/options.ts';

const refused = { name: 'InvalidArgumentError' } as const;

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
