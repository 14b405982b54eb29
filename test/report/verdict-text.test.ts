import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { leaderboardTable } from '../../src/report/leaderboard-table.ts';
import { describedRow, leaderboardMarkdown } from '../../src/report/leaderboard-text.ts';
import { verdictLines, verdictSentences } from '../../src/report/verdict-text.ts';
import type { LeaderboardRow } from '../../src/storage/store.ts';
import { row, rows, screen } from './samples.ts';

suite('verdicts', () => {
  const judged = [
    row(2, 'x*sigmoid(x)', {
      ...{ group: 1, verdict: 'ahead', blocks: 12, recommended: true },
      ...{ lead: 0.04, leadLow: 0.02, leadHigh: 0.06 },
    }),
    row(1, 'sin(x) + x', { group: 1, verdict: 'ahead', blocks: 12 }),
    row(3, 'tanh(x)', { group: 2, verdict: 'behind', blocks: 5 }),
    row(4, 'max(x, 0)', { kind: 'baseline', name: 'ReLU', group: 2, verdict: 'equal', blocks: 12 }),
    row(null, 'exp(x)', { group: 3, verdict: 'behind', blocks: 3, failedBlocks: 1 }),
  ];
  const agreement = { concordance: null, seedCorrelation: null };

  test('are columns of tables and of Markdown, with a mark at the function that is recommended', () => {
    const lines = leaderboardTable(judged, { ...screen, width: 140 }, 1);
    assert.match(lines[0] ?? '', /rank +id +group +verdict +blocks/);
    assert.match(lines[1] ?? '', /^▶ +2 +2 +1 +ahead +12 /);
    assert.match(lines[3] ?? '', /2 +behind +5 /);
    assert.match(lines[4] ?? '', /4 +4 +2 +12 /);
    assert.match(lines[5] ?? '', /3 +behind +3, 1 failed /);
    const text = leaderboardMarkdown(judged, 1);
    assert.match(text, /\| function \| group \| verdict \| blocks \|/);
    assert.match(text, /`x\*sigmoid\(x\)` .*\(recommended\) \| 1 \| ahead \| 12 \|/);
  });

  test('say in a sentence what is recommended, and why', () => {
    assert.deepEqual(verdictSentences(judged, { concordance: 0.8123, seedCorrelation: 0.3 }), [
      'Recommended: x*sigmoid(x). It is the simplest proposal among the 2 functions that may be as good as the best, and ahead of ReLU on 12 blocks: 3.9% less loss (2.0% to 5.8%).',
      "Kendall's W of the children is 0.81: 1 where all order the functions alike.",
      'Results of two functions on one seed correlate by 0.30: by that share their difference varies less than without common seeds.',
    ]);
    assert.equal(
      describedRow(judged[0] as LeaderboardRow, judged).why,
      'the simplest proposal among the 2 functions that may be as good as the best, and ahead of ReLU on 12 blocks: 3.9% less loss (2.0% to 5.8%)',
    );
    assert.equal(describedRow(judged[1] as LeaderboardRow, judged).why, null);
    const none = judged.map((one) => ({ ...one, recommended: false, verdict: 'undecided' as const }));
    assert.equal(
      verdictSentences(none, agreement)[0],
      'No function is recommended: none of the leading group is certainly ahead of ReLU.',
    );
  });

  test('say what decided between equally simple functions', () => {
    const equal = judged.map((one) => (one.expression === 'sin(x) + x' ? { ...one, complexity: 4 } : one));
    const best = { ...(equal[0] as LeaderboardRow), complexity: 4 };
    assert.match(
      verdictSentences([best, ...equal.slice(1)], agreement)[0] ?? '',
      /as good as the best \(as simple as sin\(x\) \+ x, and cheaper to train or ahead by more than the margin\), and ahead/,
    );
  });

  test('name the baselines of the leading group, which a search never recommends', () => {
    const baseline = (name: string, verdict: 'ahead' | 'undecided'): LeaderboardRow =>
      row(null, name, { kind: 'baseline', name, group: 1, verdict, blocks: 12 });
    const rivals = [...judged, baseline('Swish', 'ahead'), baseline('GELU', 'undecided')];
    assert.match(
      verdictSentences(rivals, agreement)[0] ?? '',
      /^Recommended: x\*sigmoid\(x\)\. .* The leading group also holds the baselines Swish and GELU\.$/,
    );
    const alone = rivals.map((one) =>
      one.kind === 'proposed' ? { ...one, group: 2, recommended: false } : one,
    );
    assert.equal(
      verdictSentences(alone, agreement)[0],
      'No function is recommended: of the leading group only the baseline Swish is certainly ahead of ReLU, and a search recommends its own proposals.',
    );
    const given = alone.map((one) => ({ ...one, recommended: one.name === 'Swish' }));
    assert.match(
      verdictSentences(given, agreement)[0] ?? '',
      /^Recommended: Swish\. It is the simplest among the 2 functions .* also holds the baseline GELU\.$/,
    );
  });

  test('are lines of a card: the lead as more or less loss, and nothing where nothing was judged', () => {
    const [best, , behind, relu] = judged as [LeaderboardRow, LeaderboardRow, LeaderboardRow, LeaderboardRow];
    assert.deepEqual(verdictLines(best, judged), [
      ['Against ReLU', 'ahead: 3.9% less loss (2.0% to 5.8%)'],
      ['Blocks', '12'],
      ['Group', '1: may be as good as the best'],
      ['Recommended', `It is ${describedRow(best, judged).why}.`],
    ]);
    const slower = { ...behind, lead: -0.04, leadLow: -0.06, leadHigh: -0.02 };
    assert.deepEqual(verdictLines(slower, judged), [
      ['Against ReLU', 'behind: 4.1% more loss (2.0% to 6.2%)'],
      ['Blocks', '5'],
      ['Group', '2'],
    ]);
    assert.deepEqual(verdictLines(relu, judged), [['Group', '2']]);
    assert.deepEqual(verdictLines(rows[0] as LeaderboardRow, rows), []);
  });

  test('are never guessed: too few blocks are said', () => {
    const few = rows.map((one) => ({ ...one, blocks: 3 }));
    assert.match(
      leaderboardTable(few, { ...screen, width: 140 }, 1)[1] ?? '',
      / undecided \(3 of 5 blocks\) +3 /,
    );
    assert.deepEqual(verdictSentences(few, agreement), [
      'No verdicts: they need 5 blocks (a child and a seed each), and no function has more than 3.',
    ]);
    assert.deepEqual(verdictSentences(rows, agreement), []);
    const early = row(3, 'tanh(x)', { blocks: 3, lead: -0.04, leadLow: null, leadHigh: null });
    assert.deepEqual(verdictLines(early, [early]), [
      ['Against ReLU', 'undecided (3 of 5 blocks): 4.1% more loss (interval unknown)'],
      ['Blocks', '3'],
    ]);
  });
});
