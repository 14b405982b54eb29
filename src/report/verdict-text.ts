import { usualJudge } from '../ranking/verdicts.ts';
import type { LeaderboardRow, StudyRecord } from '../storage/store.ts';
import { percent, plural } from '../terminal/numbers.ts';

/**
 * The verdict on a function as a table has it: `ahead`, or `undecided (3 of 5 blocks)`. ReLU has none, nor
 * has a function that was only trained once.
 */
export function verdictText({ name, kind, verdict, blocks }: LeaderboardRow): string {
  if (blocks < 2 || (kind === 'baseline' && name === 'ReLU')) return '';
  const { fewestBlocks } = usualJudge;
  if (verdict !== 'undecided' || blocks >= fewestBlocks) return verdict;
  return `${verdict} (${blocks} of ${fewestBlocks} blocks)`;
}

/** How many blocks a function shares with ReLU, and on how many it failed: `12`, or `3, 1 failed`. */
export function blocksText({ blocks, failedBlocks }: LeaderboardRow): string {
  if (blocks < 2) return '';
  return failedBlocks === 0 ? String(blocks) : `${blocks}, ${failedBlocks} failed`;
}

/** Why a function is recommended; null for all others. `all` is the whole ranking. */
export function recommendationReason(row: LeaderboardRow, all: readonly LeaderboardRow[]): string | null {
  if (!row.recommended) return null;
  const leaders = all.filter(({ group }) => group === 1).length;
  const place =
    leaders === 1
      ? 'ahead of all the others'
      : `the simplest proposal among the ${leaders} functions that cannot be told apart from the best`;
  return `${place}, and ahead of ReLU on ${plural(row.blocks, 'block')}: ${leadText(row)}`;
}

/** `4.1% less loss (2.6% to 5.6%)`; a lead is the logarithm of a ratio. */
function leadText({ lead, leadLow, leadHigh }: LeaderboardRow): string {
  const less = (value: number | null): string => percent(1 - Math.exp(-(value ?? 0)));
  return `${less(lead)} less loss (${less(leadLow)} to ${less(leadHigh)})`;
}

/** What a study's verdicts come to, a sentence each: the recommendation, or why there is none, first. */
export function verdictSentences(
  all: readonly LeaderboardRow[],
  { concordance, seedCorrelation }: Pick<StudyRecord, 'concordance' | 'seedCorrelation'>,
): readonly string[] {
  const judged = all.filter(({ blocks }) => blocks > 0);
  if (judged.length === 0) return [];
  return [
    recommendationSentence(all, judged),
    ...(concordance === null
      ? []
      : [`Kendall's W of the children is ${concordance.toFixed(2)}: 1 where all order the functions alike.`]),
    ...(seedCorrelation === null
      ? []
      : [
          `Results of two functions on one seed correlate by ${seedCorrelation.toFixed(2)}: by that share their difference varies less than without common seeds.`,
        ]),
  ];
}

function recommendationSentence(all: readonly LeaderboardRow[], judged: readonly LeaderboardRow[]): string {
  const best = all.find(({ recommended }) => recommended);
  if (best) return `Recommended: ${best.expression}. It is ${recommendationReason(best, all)}.`;
  if (judged.every(({ group }) => group === null)) {
    const most = judged.reduce((count, { blocks }) => Math.max(count, blocks), 0);
    return `No verdicts: they need ${usualJudge.fewestBlocks} blocks (a child and a seed each), and no function has more than ${most}.`;
  }
  return 'No function is recommended: no proposal of the leading group is certainly ahead of ReLU.';
}
