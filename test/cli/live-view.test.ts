import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { liveView, type Terminal } from '../../src/cli/live-view.ts';
import { lineView } from '../../src/cli/plain-views.ts';
import {
  completion,
  follow,
  formatSeconds,
  newProgress,
  progressLines,
  ratePerMinute,
} from '../../src/cli/study-progress.ts';
import { Tally } from '../../src/search/counts.ts';
import type { StudyEvent } from '../../src/search/events.ts';
import { planOf } from '../search/support.ts';

const { counts } = new Tally(1);

function begin(seconds = 0): StudyEvent {
  const { config } = planOf({ candidates: 40, target: 'x*sigmoid(beta*x)', time: 600 });
  const rest = { sequences: '108', baselinesLeft: 9, best: [], target: null };
  return { event: 'study', study: 'a-study', id: 1, resumed: false, config, counts, seconds, ...rest };
}

function candidate(number: number, score: number | null, seconds: number): StudyEvent {
  const status = score === null ? 'diverged' : 'complete';
  return {
    event: 'candidate',
    id: number + 100,
    number,
    kind: number < 0 ? 'baseline' : 'proposed',
    name: number < 0 ? 'ReLU' : null,
    expression: `sigmoid(x)*max(x, ${number})`,
    status,
    rung: 1,
    score,
    low: null,
    complexity: 3,
    high: null,
    versusRelu: null,
    reason: score === null ? 'loss is NaN at step 7' : null,
    counts: { ...counts, proposed: number + 2, evaluated: Math.max(0, number), refused: 1, known: 1 },
    seconds,
    secondsLeft: number > 0 ? (40 - number) * 10 : null,
  };
}

/** A terminal that keeps what is written, and can change its size. */
function screen(columns: number, rows: number) {
  const emitter = new EventEmitter();
  const written: string[] = [];
  const terminal = Object.assign(emitter, {
    columns,
    rows,
    write(text: string) {
      written.push(text);
      return true;
    },
  });
  return { terminal: terminal as unknown as Terminal & { columns: number; rows: number }, written, emitter };
}

test('progress shows rate, time left, counts, the best five and the target', () => {
  const progress = newProgress();
  follow(progress, begin(), 1000);
  for (let number = 1; number <= 8; number++)
    follow(progress, candidate(number, number / 100, number * 10), 1000 + number * 10_000);
  const lines = progressLines(progress, 120, 30, 81_000).map(stripVTControlCharacters);
  assert.equal(ratePerMinute(progress), 6);
  assert.deepEqual(completion(progress, 81_000), { share: 0.2, left: 320 });
  const text = lines.join('\n');
  assert.match(text, /20% {2}1m 20s, 5m 20s left, 6\.0 candidates\/min/);
  assert.match(text, /10 proposed: 8 trained, 1 refused, 1 reused/);
  assert.match(text, /target x\*sigmoid\(beta\*x\): not found yet/);
  assert.deepEqual(
    lines.slice(-5).map((line) => line.trim().slice(0, 7)),
    ['+0.0800', '+0.0700', '+0.0600', '+0.0500', '+0.0400'],
  );
  follow(progress, { event: 'target', number: 8, expression: 'sigmoid(x)*x', match: 'equal-at-1' }, 82_000);
  assert.match(
    progressLines(progress, 120, 30, 82_000).join('\n'),
    /found as candidate 8, sigmoid\(x\)\*x \(equal where all parameters are 1\)/,
  );
});

test('progress shows what trains now, and no longer once it has ended', () => {
  const progress = newProgress();
  follow(progress, begin(), 0);
  const running = {
    expression: 'tanh(x)',
    rung: 1,
    secondsLeft: null,
    child: 'mlp20-mnist',
    steps: 500,
  } as const;
  follow(progress, { event: 'progress', candidate: 103, step: 125, ...running }, 10);
  assert.match(progressLines(progress, 120, 30, 20).join('\n'), /25% {2}tanh\(x\) {2}on mlp20-mnist/);
  follow(progress, candidate(3, 0.1, 1), 30);
  assert.doesNotMatch(progressLines(progress, 120, 30, 40).join('\n'), /on mlp20-mnist\b.*tanh|25%/);
});

test('progress fits terminals of any size', () => {
  const progress = newProgress();
  follow(progress, begin(), 0);
  for (let number = -1; number <= 8; number++)
    if (number !== 0) follow(progress, candidate(number, number / 10, 5), 5000);
  for (const width of [1, 2, 10, 40, 79, 300]) {
    for (const height of [1, 2, 3, 5, 9, 50]) {
      const lines = progressLines(progress, width, height, 6000);
      assert.ok(lines.length >= 1 && lines.length <= height, `${width}x${height}`);
      for (const line of lines)
        assert.ok(stripVTControlCharacters(line).length <= width, `${width}x${height}: ${line}`);
    }
  }
});

test('the live view hides the cursor, draws at most five times a second in place, and restores the cursor', async () => {
  const { terminal, written } = screen(80, 24);
  const view = liveView(terminal);
  assert.equal(written[0], '\x1b[?25l');
  view.show(begin());
  for (let number = 1; number <= 300; number++) {
    view.show(candidate(number, 0.1, number));
    if (number % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  view.end();
  const draws = written.filter((text) => text.includes('a-study'));
  assert.ok(draws.length >= 2 && draws.length <= 8, `${draws.length} draws`);
  assert.ok(draws.slice(1).every((text) => /^E\[\d+A\rE\[0J/.test(text.replaceAll('\x1b', 'E'))));
  assert.equal(written.at(-1), '\x1b[?25h');
  assert.equal(
    process.listeners('exit').some((listener) => String(listener).includes('showCursor')),
    false,
  );
  const before = written.length;
  view.show(candidate(301, 0.1, 301));
  view.end();
  assert.equal(written.length, before);
});

test('the live view erases all rows that its lines take after the terminal became narrower', async () => {
  const { terminal, written, emitter } = screen(100, 24);
  const view = liveView(terminal);
  view.show(begin());
  view.show(candidate(1, 0.1, 1));
  await new Promise((resolve) => setTimeout(resolve, 250));
  const wide = stripVTControlCharacters(written.at(-1) ?? '')
    .trimEnd()
    .split('\n');
  terminal.columns = 25;
  emitter.emit('resize');
  await new Promise((resolve) => setTimeout(resolve, 250));
  const up = Number(/\[(\d+)A/.exec(written.at(-1) ?? '')?.[1]);
  const taken = wide.reduce((rows, line) => rows + Math.max(1, Math.ceil(line.trim().length / 25)), 0);
  assert.ok(Math.abs(up - taken) <= 1, `${up} of ${taken}`);
  view.end();
});

test('lines for a pipe: one for each candidate trained, refused and reused ones counted', () => {
  const lines: string[] = [];
  const view = lineView((line) => lines.push(stripVTControlCharacters(line)));
  view.show(begin());
  view.show({ ...candidate(1, null, 3), status: 'refused' } as StudyEvent);
  view.show({ ...candidate(2, null, 3), status: 'known' } as StudyEvent);
  view.show(candidate(3, -0.25, 65));
  view.show(candidate(4, null, 70));
  assert.equal(lines.length, 3);
  assert.match(lines[0] ?? '', /study a-study begins: small, 108 strings, random/);
  assert.match(
    lines[1] ?? '',
    /1m 05s {2}-0\.2500 {2}sigmoid\(x\)\*max\(x, 3\) {2}candidate 3 \[before it 1 refused, 1 reused\]/,
  );
  assert.match(lines[2] ?? '', /diverged {2}.*candidate 4: loss is NaN at step 7/);
});

test('a candidate that climbs stands once among the best, above those of lower rungs', () => {
  const rungs = [{ children: ['tiny-synthetic'], steps: 9, share: 0.5 }, { children: ['tiny-synthetic'] }];
  const study = { ...begin(), config: planOf({ rungs }).config } as StudyEvent;
  const progress = newProgress();
  follow(progress, study, 0);
  for (const event of [candidate(1, 0.3, 1), candidate(2, 0.4, 2), candidate(3, 0.2, 3)])
    follow(progress, event, 5);
  follow(progress, { ...candidate(1, 0.1, 4), rung: 2 } as StudyEvent, 6);
  assert.deepEqual(
    progress.best.map(({ number, rung, score }) => [number, rung, score]),
    [
      [1, 2, 0.1],
      [2, 1, 0.4],
      [3, 1, 0.2],
    ],
  );
  const lines = progressLines(progress, 100, 30, 7).map(stripVTControlCharacters);
  assert.match(lines.join('\n'), /\+0\.1000 .*candidate 1, rung 2/);
  follow(progress, { ...candidate(2, null, 5), rung: 2 } as StudyEvent, 8);
  assert.deepEqual(
    progress.best.map(({ number }) => number),
    [1, 3],
  );
});

test('times are written short', () => {
  assert.deepEqual([0, 59.4, 60, 187, 7500].map(formatSeconds), ['0s', '59s', '1m 00s', '3m 07s', '2h 05m']);
});
