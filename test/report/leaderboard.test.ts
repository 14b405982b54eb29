import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import * as fc from 'fast-check';
import { createColors } from 'picocolors';
import { filterLeaderboard } from '../../src/report/leaderboard-filter.ts';
import { leaderboardTable, rungsOf } from '../../src/report/leaderboard-table.ts';
import { leaderboardMarkdown, leaderboardValues } from '../../src/report/leaderboard-text.ts';
import { terminal } from '../../src/report/terminal.ts';
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
const screen = { width: 80, colors: createColors(false), unicode: true };

test('the table shows ranks, scores, intervals, baselines by name, the target and failures', () => {
  assert.deepEqual(leaderboardTable(rows, screen, 1), [
    '#     score     95% interval  errors  runs  size  function',
    '1    +0.200  +0.100 … +0.300   90.0%     2    17 ★x*sigmoid(beta*x)',
    '2    +0.100  +0.000 … +0.200  100.0%     2    12 ★Swish-1: x*sigmoid(x)',
    '3    +0.000  −0.100 … +0.100  110.0%     2    10  sin(x) + x',
    '4    −0.100  −0.200 … +0.000  120.0%     2     9  ReLU: max(x, 0)',
    '–  diverged                              2    13  exp(x)*sin(x)',
    "errors: validation errors as a share of ReLU's",
    '★ the target, or equal to it where all parameters are 1',
  ]);
});

test('without Unicode the table is ASCII', () => {
  const text = leaderboardTable(rows, { ...screen, unicode: false }, 1).join('\n');
  assert.match(text, /^[\x20-\x7e\n]*$/);
  assert.match(text, /\*x\*sigmoid\(beta\*x\)/);
});

test('no line is longer than the terminal, however narrow, and colors change nothing else', () => {
  const long = row(5, 'tanh(x)*exp(-beta*x^2) + '.repeat(20));
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.boolean(), (width, unicode) => {
      const plain = leaderboardTable([...rows, long], { ...screen, width, unicode }, 1);
      for (const line of plain) assert.ok(line.length <= width, `${line.length} > ${width}: ${line}`);
      const colored = leaderboardTable([...rows, long], { width, unicode, colors: createColors(true) }, 1);
      assert.deepEqual(colored.map(stripVTControlCharacters), plain);
    }),
  );
});

test('a long formula ends with an ellipsis before any column goes', () => {
  const [, line] = leaderboardTable([row(1, `sin(x)${' + cos(x)'.repeat(20)}`)], screen, 1);
  assert.match(line ?? '', /95%|\+0\.100 … \+0\.300.*sin\(x\) \+ cos.*…$/);
  assert.equal(line?.length, 80);
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
  assert.match(text, /^\| rank \| function \| score \|/);
  assert.match(
    text,
    /\| 1 \| `\\\|x\\\|` \(target\) \| 0\.2000 \| 0\.1000 to 0\.3000 \| 90\.0% \| 2 \| 3 \|\n/,
  );
  assert.match(text, /\| {2}\| `exp\(x\)` \| diverged \|/);
  assert.deepEqual(
    leaderboardValues(rows[0] as LeaderboardRow).length,
    Object.keys(rows[0] as object).length,
  );
});

test('a ladder of several rungs has a column for them, in tables and in Markdown', () => {
  const climbed = [
    row(1, 'sin(x)', { rung: 2 }),
    row(2, 'cos(x)'),
    row(null, 'exp(x)', { status: 'stopped-early' }),
  ];
  assert.equal(rungsOf(climbed), 2);
  const lines = leaderboardTable(climbed, screen, 2);
  assert.match(lines[0] ?? '', /^# +rung +score/);
  assert.match(lines[1] ?? '', /^1 +2 +\+0\.200/);
  assert.match(lines[3] ?? '', /1 +stopped-early/);
  assert.match(lines.join('\n'), /scores compare within a rung only/);
  assert.match(
    leaderboardMarkdown(climbed, 2),
    /\| rank \| function \| rung \| score[\s\S]*\| 1 \| `sin\(x\)` \| 2 \| 0\.2000/,
  );
});

test('width, colors and Unicode follow the terminal and the environment', () => {
  const tty = { isTTY: true, columns: 120 };
  const utf8 = { LANG: 'en_US.UTF-8' };
  const facts = (
    stream: { isTTY?: boolean; columns?: number },
    environment: Record<string, string>,
  ): unknown[] => {
    const { width, colors, unicode } = terminal(stream, environment);
    return [width, colors.isColorSupported, unicode];
  };
  assert.deepEqual(facts(tty, utf8), [120, true, true]);
  assert.deepEqual(facts(tty, { ...utf8, NO_COLOR: '1' }), [120, false, true]);
  assert.deepEqual(facts(tty, { ...utf8, TERM: 'dumb' }), [120, false, true]);
  assert.deepEqual(facts({}, { ...utf8, COLUMNS: '100' }), [100, false, true]);
  assert.deepEqual(facts({}, { LC_ALL: 'C', LANG: 'en_US.UTF-8' }), [80, false, false]);
  assert.deepEqual(facts(tty, { ...utf8, NO_UNICODE: '1' }), [120, true, false]);
});
