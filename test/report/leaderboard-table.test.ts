import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import * as fc from 'fast-check';
import { createColors } from 'picocolors';
import { leaderboardTable, rungsOf } from '../../src/report/leaderboard-table.ts';
import { describedRow, leaderboardMarkdown } from '../../src/report/leaderboard-text.ts';
import type { LeaderboardRow } from '../../src/storage/store.ts';
import { row, rows, screen } from './samples.ts';

test('the table shows ranks, ids, scores, intervals, baselines and known functions by name, the target and failures', () => {
  assert.deepEqual(leaderboardTable(rows, { ...screen, width: 120 }, 1), [
    'rank  id     score      95% interval  errors  trials  complexity     function',
    '   1   1    +0.200  +0.100 to +0.300   90.0%       2          17  ★  x*sigmoid(beta*x) (known: Swish)',
    '   2   2    +0.100  +0.000 to +0.200  100.0%       2          12  ★  Swish-1: x*sigmoid(x)',
    '   3   3    +0.000  -0.100 to +0.100  110.0%       2          10     sin(x) + x (known: x + sin(x))',
    '   4   4    -0.100  -0.200 to +0.000  120.0%       2           9     ReLU: max(x, 0)',
    '   –  99  diverged                                 2          13     exp(x)*sin(x)',
    "errors: validation errors as a share of ReLU's",
    '★ the target, or equal to it where all parameters are 1',
  ]);
});

test('an interval without width is marked, for it would read as certainty', () => {
  const clipped = row(1, 'sin(x)', { score: 0.5, low: 0.5, high: 0.5, versusRelu: 0.4 });
  const relu = row(2, 'max(x, 0)', { name: 'ReLU', kind: 'baseline', score: 0, low: 0, high: 0 });
  const single = row(3, 'cos(x)', { low: null, high: null });
  const lines = leaderboardTable([clipped, relu, single], screen, 1);
  assert.match(lines[1] ?? '', /\+0\.500 +none +40\.0%/);
  assert.match(lines[2] ?? '', /\+0\.000 +reference /);
  assert.match(lines[3] ?? '', /\+0\.000 +none /);
  assert.match(lines.join('\n'), /none: one seed or all seeds agree, so the uncertainty is unknown/);
  const kinds = [clipped, relu, single, ...rows].map((one) => describedRow(one, rows).interval);
  assert.deepEqual(kinds, [
    'none',
    'reference',
    'none',
    'measured',
    'measured',
    'measured',
    'measured',
    null,
  ]);
  assert.match(leaderboardMarkdown([clipped], 1), /\| 0\.5000 \| none \|/);
});

test('without Unicode the table is ASCII', () => {
  const text = leaderboardTable(rows, { ...screen, unicode: false }, 1).join('\n');
  assert.match(text, /^[\x20-\x7e\n]*$/);
  assert.match(text, /\* {2}x\*sigmoid\(beta\*x\)/);
});

test('no line is longer than the terminal, however narrow, and colors change nothing else', () => {
  const long = row(5, `tanh(x)${' + tanh(x)*exp(-beta*x^2)'.repeat(20)}`);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.boolean(), (width, unicode) => {
      const plain = leaderboardTable([...rows, long], { ...screen, width, unicode }, 1);
      for (const line of plain) assert.ok(line.length <= width, `${line.length} > ${width}: ${line}`);
      const colored = leaderboardTable(
        [...rows, long],
        { ...screen, width, unicode, colors: createColors(true) },
        1,
      );
      assert.deepEqual(colored.map(stripVTControlCharacters), plain);
    }),
  );
});

test('a formula is never cut: it runs over several lines in a terminal, and is one line elsewhere', () => {
  const formula = `sin(x)${' + cos(x)'.repeat(20)}`;
  const [, ...lines] = leaderboardTable([row(1, formula)], screen, 1);
  assert.ok(lines.length > 2);
  const joined = lines.slice(0, -1).join('').replaceAll(' ', '');
  assert.ok(joined.endsWith(formula.replaceAll(' ', '')), joined);
  const whole = leaderboardTable([row(1, formula)], { ...screen, width: Number.POSITIVE_INFINITY }, 1);
  assert.ok(whole[1]?.endsWith(formula));
});

test('a ladder of several rungs has a column for them, in tables and in Markdown', () => {
  const climbed = [
    row(1, 'sin(x)', { rung: 2 }),
    row(2, 'cos(x)'),
    row(null, 'exp(x)', { status: 'stopped-early' }),
  ];
  assert.equal(rungsOf(climbed), 2);
  const lines = leaderboardTable(climbed, screen, 2);
  assert.match(lines[0] ?? '', /^rank +id +rung +score/);
  assert.match(lines[1] ?? '', /^ +1 +1 +2 +\+0\.200/);
  assert.match(lines[3] ?? '', /1 +stopped-early/);
  assert.match(lines.join('\n'), /scores compare within a rung only/);
  assert.match(
    leaderboardMarkdown(climbed, 2),
    /\| rank \| id \| function \| rung \| score[\s\S]*\| 1 \| 1 \| `sin\(x\)` \(known: Sine\) \| 2 \| 0\.2000/,
  );
});

test('a score at its clip is a bound', () => {
  const clipped = [
    row(1, 'sin(x)', { score: 0.1, low: 0.1, high: 0.1, clipped: true }),
    row(2, 'cos(x)', { score: -0.1, low: -0.1, high: -0.1, clipped: true }),
  ];
  const lines = leaderboardTable(clipped, { ...screen, width: 120 }, 1);
  assert.match(lines[1] ?? '', / ≥\+0\.100 +bound /);
  assert.match(lines[2] ?? '', / ≤-0\.100 +bound /);
  assert.ok(lines.includes('bound: the score is at its clip, so it is at least so far from 0'));
  assert.equal(describedRow(clipped[0] as LeaderboardRow, clipped).interval, 'bound');
});
