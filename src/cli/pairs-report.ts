import type { JudgedPair } from '../evaluation/contest.ts';
import { childrenOf } from '../evaluation/contest-study.ts';
import { functionLabel } from '../evaluation/functions.ts';
import { comparedFunctions, type PairComparison } from '../evaluation/pairs.ts';
import { usualJudge } from '../ranking/verdicts.ts';
import type { Screen } from '../terminal/screen.ts';
import { type Column, tableText } from '../terminal/table.ts';
import { intervalText } from './judged-report.ts';

/** The pairs of a comparison as a table, and what it says. */
export function pairsReport(
  { functions, plan, stored }: PairComparison,
  pairs: readonly JudgedPair[],
  screen: Screen,
): readonly string[] {
  const label = (id: number): string => {
    const one = functions[id - 1];
    return one ? functionLabel(one) : '';
  };
  const { level, margin, fewestBlocks } = usualJudge;
  const right = { align: 'right' } as const;
  const columns: readonly Column[] = [
    { heading: 'function', narrow: 'cut' },
    { heading: 'verdict' },
    { heading: 'against', narrow: 'cut' },
    { heading: 'ahead by', ...right },
    { heading: 'blocks', ...right },
  ];
  const rows = pairs.map(({ one, other, verdict, difference, blocks, failed }) => [
    label(one),
    verdict,
    label(other),
    intervalText(difference),
    failed > 0 ? `${blocks} (${failed} failed)` : String(blocks),
  ]);
  const children = childrenOf(plan.config).map(({ child, steps }) => `${child}, ${steps} steps`);
  const from = stored.studies.length > 0 ? `; trials of ${stored.studies.join(', ')}` : '';
  return [
    tableText(columns, rows, screen),
    ...[
      `On ${children.join('; ')}${from}.`,
      `A block is a child and a seed that both share. Ahead by: mean log ratio of the losses, with an interval that holds at level ${level} for all pairs, however often one looks. Equal: within ${margin}.`,
      ...(pairs.some(({ verdict }) => verdict === 'undecided')
        ? [`Undecided pairs need more blocks, ${fewestBlocks} at least: --budget 30m trains them.`]
        : []),
    ].map((line) => screen.colors.dim(line)),
  ];
}

/** The same for programs. */
export function pairsDocument(comparison: PairComparison, pairs: readonly JudgedPair[]): unknown {
  const { functions, plan, stored } = comparison;
  const competitors = comparedFunctions(comparison);
  return {
    children: childrenOf(plan.config),
    studies: stored.studies,
    differences: stored.differences,
    functions: functions.map((one, index) => {
      const results = [...(competitors[index]?.blocks ?? [])];
      return {
        ...one,
        blocks: results.length,
        failed: results.filter(([, result]) => result === null).length,
      };
    }),
    pairs: pairs.map(({ one, other, ...pair }) => ({
      function: functions[one - 1]?.formula,
      against: functions[other - 1]?.formula,
      ...pair,
    })),
  };
}
