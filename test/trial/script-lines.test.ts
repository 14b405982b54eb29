import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readScriptLine } from '../../src/trial/script-lines.ts';

test('an object of a known kind is a message; NaN and infinities, as Python writes them, are null', () => {
  const line =
    '{"kind": "outcome", "id": 3, "validationAccuracy": NaN, "metrics": {"nan": -Infinity, "b": 2}}';
  assert.deepEqual(readScriptLine(line), {
    kind: 'message',
    message: { kind: 'outcome', id: 3, validationAccuracy: null, metrics: { nan: null, b: 2 } },
  });
  const progress = readScriptLine('  {"kind":"progress","step":5,"loss":inf}');
  assert.deepEqual(progress, { kind: 'message', message: { kind: 'progress', step: 5, loss: null } });
});

test('anything else is what a script prints', () => {
  for (const text of [
    'Epoch 1',
    '',
    '[1, 2]',
    '{"kind": "hello"}',
    '{"kind": "outcome", oops',
    '{"loss": 1}',
  ]) {
    assert.deepEqual(readScriptLine(text), { kind: 'print', text });
  }
});

test('a message with a wrong part says which', () => {
  const wrong: [line: string, says: RegExp][] = [
    ['{"kind": "ready"}', /"ready" is wrong: protocol: .*number/],
    ['{"kind": "progress", "step": 0, "loss": 1}', /"progress" is wrong: step: /],
    ['{"kind": "outcome", "validationAccuracy": "good"}', /"outcome" is wrong: validationAccuracy: .*number/],
    ['{"kind": "outcome", "learned": {"beta": [[1], []]}}', /"outcome" is wrong: learned\.beta\.1: /],
  ];
  for (const [text, says] of wrong) {
    const line = readScriptLine(text);
    assert.equal(line.kind, 'wrong', text);
    assert.match('reason' in line ? line.reason : '', says);
  }
});
