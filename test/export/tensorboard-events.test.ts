import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeEvents } from '../../src/export/tensorboard-events.ts';

/** The lengths of the records of a file, which say where each begins. */
function recordLengths(bytes: Uint8Array): readonly number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const lengths: number[] = [];
  for (let at = 0; at < bytes.length; at += 16 + (lengths.at(-1) as number)) {
    lengths.push(Number(view.getBigUint64(at, true)));
  }
  return lengths;
}

test('a file begins as those of TensorFlow do: with a checked length and the version', () => {
  const bytes = encodeEvents([{ wallTime: 1.5, step: 3, summaries: [] }]);
  // The first twelve bytes of every event file that TensorFlow writes.
  assert.equal(Buffer.from(bytes.subarray(0, 12)).toString('hex'), '1800000000000000a37f4b22');
  assert.equal(Buffer.from(bytes.subarray(23, 36)).toString('latin1'), 'brain.Event:2');
  assert.deepEqual(recordLengths(bytes), [24, 13]);
});

test('an event is one record, whatever it holds', () => {
  const bytes = encodeEvents([
    { wallTime: 1, step: 1, summaries: [{ tag: 'loss', kind: 'scalar', value: 0.5 }] },
    { wallTime: 2, step: 2, summaries: [{ tag: 'function', kind: 'text', text: 'σ(x)' }] },
    {
      wallTime: 3,
      step: 3,
      summaries: [
        { tag: 'beta', kind: 'histogram', values: [1, 1, 1] },
        { tag: 'gamma', kind: 'histogram', values: [-1, 0, 2] },
      ],
    },
  ]);
  assert.equal(recordLengths(bytes).length, 4);
  const text = Buffer.from(bytes).toString();
  for (const part of ['loss', 'function', 'σ(x)', 'beta', 'gamma']) assert.ok(text.includes(part), part);
});
