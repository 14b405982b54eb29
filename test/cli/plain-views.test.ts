import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { lineView } from '../../src/cli/plain-views.ts';
import { beginEvent, candidateEvent } from './study-events.ts';

test('lines for a pipe: one for each candidate trained, refused and known ones counted', () => {
  const lines: string[] = [];
  const view = lineView((line) => lines.push(stripVTControlCharacters(line)));
  view.show(beginEvent());
  view.show(candidateEvent(1, null, { status: 'refused' }));
  view.show(candidateEvent(2, null, { status: 'known' }));
  view.show(candidateEvent(3, -0.25, { seconds: 65 }));
  view.show(candidateEvent(4, null, { seconds: 70 }));
  assert.equal(lines.length, 3);
  assert.match(lines[0] ?? '', /study a-study begins: small, 108 token sequences, random/);
  assert.match(
    lines[1] ?? '',
    /1m 05s {2}-0\.2500 {2}sigmoid\(x\)\*max\(x, 3\) {2}candidate 103 \[before it 1 refused, 1 known\]/,
  );
  assert.match(lines[2] ?? '', /diverged {2}.*candidate 104: loss is NaN at step 7/);
});

test('a study that goes on says after how much running time', () => {
  const lines: string[] = [];
  lineView((line) => lines.push(line)).show(beginEvent({ resumed: true, seconds: 245 }));
  assert.match(lines[0] ?? '', /^study a-study goes on after 4m 05s: /);
});
