import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import * as fc from 'fast-check';
import { createColors } from 'picocolors';
import { filterLeaderboard } from '../../src/report/leaderboard-filter.ts';
import { leaderboardTable, rungsOf } from '../../src/report/leaderboard-table.ts';
import {
  describedRow,
  leaderboardFields,
  leaderboardMarkdown,
  leaderboardValues,
} from '../../src/report/leaderboard-text.ts';
import type { LeaderboardRow } from '../../src/storage/store.ts';

function row(rank: number | null, expression: string, changes: Partial<LeaderboardRow> = {}): LeaderboardRow {
  return {
    study: 's',
    rank,
    id: rank ?? 99,
    name: null,
    kind: 'proposed',
    expression,
    rung: 1,
    score: rank === null ? null : 0.3 - rank / 10,
    low: rank === null ? null : 0.2 - rank / 10,
    high: rank === null ? null : 0.4 - rank / 10,
    versusRelu: rank === null ? null : 0.8 + rank / 10,
    trials: 2,
    seeds: 1,
    complexity: expression.length,
    gated: false,
    status: rank === null ? 'diverged' : 'complete',
    reason: rank === null ? 'loss is NaN at step 3' : null,
    found: 1,
    proposals: 1,
    target: null,
    fingerprint: expression,
    ...changes,
  };
}

const rows = [
  row(1, 'x*sigmoid(beta*x)', { gated: true, target: 'equal' }),
  row(2, 'x*sigmoid(x)', { gated: true, kind: 'baseline', name: 'Swish-1', target: 'equal-at-1' }),
  row(3, 'sin(x) + x'),
  row(4, 'max(x, 0)', { kind: 'baseline', name: 'ReLU' }),
  row(null, 'exp(x)*sin(x)'),
];
const screen = { width: 80, colors: createColors(false), unicode: true, redraws: true };

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
  assert.match(
    lines.join('\n'),
    /none: the score is clipped or all seeds agree, so its uncertainty is unknown/,
  );
  const kinds = [clipped, relu, single, ...rows].map((one) => describedRow(one).interval);
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

test('filters combine, keep ranks, and the top counts what passes', () => {
  const ranks = (filter: Parameters<typeof filterLeaderboard>[1]): (number | null)[] =>
    filterLeaderboard(rows, filter).map(({ rank }) => rank);
  assert.deepEqual(ranks({}), [1, 2, 3, 4, null]);
  assert.deepEqual(ranks({ contains: ['sin'] }), [3, null]);
  assert.deepEqual(ranks({ contains: ['sin', 'exp'] }), [null]);
  assert.deepEqual(ranks({ contains: ['sin'], status: ['complete'] }), [3]);
  assert.deepEqual(ranks({ gated: true, kind: 'proposed' }), [1]);
  assert.deepEqual(ranks({ maxComplexity: 10 }), [3, 4]);
  assert.deepEqual(ranks({ kind: 'baseline', top: 1 }), [2]);
  assert.deepEqual(ranks({ status: ['diverged', 'crashed'] }), [null]);
});

test('unknown filters are refused with the nearest known one', () => {
  const refused = (filter: Parameters<typeof filterLeaderboard>[1], message: RegExp, hint: RegExp): void => {
    assert.throws(
      () => filterLeaderboard(rows, filter),
      (error: unknown) => {
        const { code, message: says, hint: does } = error as Record<string, string>;
        assert.equal(code, 'usage');
        assert.match(String(says), message);
        assert.match(String(does), hint);
        return true;
      },
    );
  };
  refused({ status: ['complet'] }, /unknown status/, /Did you mean "complete"/);
  refused({ status: ['refused'] }, /only trained ones/, /FROM candidates WHERE status = 'refused'/);
  refused({ kind: 'found' }, /unknown kind/, /baseline, proposed/);
  refused({ contains: ['sine'] }, /unknown operator/, /Did you mean "sin"/);
});

test('Markdown marks the target, quotes bars, and CSV has every field', () => {
  const text = leaderboardMarkdown([row(1, '|x|', { target: 'equal' }), row(null, 'exp(x)')], 1);
  assert.match(text, /^\| rank \| id \| function \| score \|/);
  assert.match(
    text,
    /\| 1 \| 1 \| `\\\|x\\\|` \(known: Absolute value\) \(target\) \| 0\.2000 \| 0\.1000 to 0\.3000 \| 90\.0% \| 2 \| 3 \|\n/,
  );
  assert.match(text, /\| {2}\| 99 \| `exp\(x\)` \| diverged \|/);
  const described = describedRow(rows[0] as LeaderboardRow);
  assert.equal(described.known, 'Swish');
  assert.equal(leaderboardValues(described).length, leaderboardFields.length);
  assert.deepEqual(leaderboardFields.toSorted(), Object.keys(described).toSorted());
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
