import assert from 'node:assert/strict';
import { test } from 'node:test';
import { screenOf } from '../../src/terminal/screen.ts';

test('width, colors, Unicode and drawing again follow the terminal and the environment', () => {
  const tty = { isTTY: true, columns: 120 };
  const utf8 = { LANG: 'en_US.UTF-8' };
  const facts = (
    stream: { isTTY?: boolean; columns?: number },
    environment: Record<string, string>,
  ): unknown[] => {
    const { width, colors, unicode, redraws } = screenOf(stream, environment);
    return [width, colors.isColorSupported, unicode, redraws];
  };
  assert.deepEqual(facts(tty, utf8), [120, true, true, true]);
  assert.deepEqual(facts(tty, { ...utf8, NO_COLOR: '1' }), [120, false, true, true]);
  assert.deepEqual(facts(tty, { ...utf8, TERM: 'dumb' }), [120, false, true, false]);
  const whole = Number.POSITIVE_INFINITY;
  assert.deepEqual(facts({}, { ...utf8, COLUMNS: '100' }), [whole, false, true, false]);
  assert.deepEqual(facts({}, { LC_ALL: 'C', LANG: 'en_US.UTF-8' }), [whole, false, false, false]);
  assert.deepEqual(facts({ isTTY: true }, { ...utf8, NO_UNICODE: '1' }), [80, true, false, true]);
});
