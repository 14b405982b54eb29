import { usualJudge } from '../ranking/verdicts.ts';
import type { LeaderboardRow, StudyRecord } from '../storage/store.ts';
import { isRelu } from '../study/candidate.ts';
import { percent, plural } from '../terminal/numbers.ts';

/** What the texts need of a row of the leaderboard or of a judged candidate. */
type VerdictRow = Pick<
  LeaderboardRow,
  | 'name'
  | 'kind'
  | 'expression'
  | 'complexity'
  | 'verdict'
  | 'group'
  | 'blocks'
  | 'failedBlocks'
  | 'lead'
  | 'leadLow'
  | 'leadHigh'
  | 'recommended'
> &
  Partial<Pick<LeaderboardRow, 'mixed'>>;

/**
 * The verdict on a function as a table has it: `ahead`, or `undecided (3 of 5 blocks)`. ReLU has none, nor
 * has a function that was only trained once.
 */
export function verdictText(row: VerdictRow): string {
  const { verdict, blocks } = row;
  if (blocks < 2 || isRelu(row)) return '';
  const { fewestBlocks } = usualJudge;
  if (verdict !== 'undecided' || blocks >= fewestBlocks) return verdict;
  return `${verdict} (${blocks} of ${fewestBlocks} blocks)`;
}

/** How many blocks a function shares with ReLU, and on how many it failed: `12`, or `3, 1 failed`. */
export function blocksText({ blocks, failedBlocks }: VerdictRow): string {
  if (blocks < 2) return '';
  return failedBlocks === 0 ? String(blocks) : `${blocks}, ${failedBlocks} failed`;
}

/** Why a function is recommended; null for all others. `all` has all judged functions of the study. */
export function recommendationReason(row: VerdictRow, all: readonly VerdictRow[]): string | null {
  if (!row.recommended) return null;
  const leaders = all.filter(({ group }) => group === 1);
  const place =
    leaders.length === 1
      ? 'ahead of all the others'
      : `the simplest ${row.kind === 'proposed' ? 'proposal ' : ''}among the ${leaders.length} functions that may be as good as the best${tieText(row, leaders)}`;
  return `${place}, and ahead of ReLU on ${plural(row.blocks, 'block')}: ${leadText(row)}`;
}

/** What was decided between a recommended function and equally simple ones; nothing where there are none. */
function tieText(row: VerdictRow, leaders: readonly VerdictRow[]): string {
  const equals = leaders.filter(
    (one) =>
      one !== row && one.kind === row.kind && one.verdict === 'ahead' && one.complexity === row.complexity,
  );
  if (equals.length === 0) return '';
  const names = new Intl.ListFormat('en').format(equals.map(({ expression }) => expression));
  return ` (as simple as ${names}, and cheaper to train or ahead by more than the margin)`;
}

/**
 * `4.1% less loss (2.6% to 5.6%)`, or `more loss`; a lead is the logarithm of a ratio, and has no interval
 * where the blocks are too few.
 */
function leadText({ lead, leadLow, leadHigh }: VerdictRow): string {
  const less = (value: number): number => 1 - Math.exp(-value);
  const middle = less(lead ?? 0);
  const text = `${percent(Math.abs(middle))} ${middle >= 0 ? 'less' : 'more'} loss`;
  if (leadLow === null || leadHigh === null) return `${text} (interval unknown)`;
  const [low, high] = [less(leadLow), less(leadHigh)];
  const ends = middle >= 0 ? [low, high] : [-high, -low];
  return `${text} (${ends.map((end) => percent(end)).join(' to ')})`;
}

/** What the verdicts say of one function, as lines of a card; none where they say nothing. */
export function verdictLines(
  row: VerdictRow,
  all: readonly VerdictRow[],
): readonly (readonly [what: string, text: string])[] {
  const [verdict, reason] = [verdictText(row), recommendationReason(row, all)];
  const lines = [
    ['Against ReLU', row.lead === null || verdict === '' ? verdict : `${verdict}: ${leadText(row)}`],
    ['Blocks', verdict === '' ? '' : blocksText(row)],
    ['Group', row.group === 1 ? '1: may be as good as the best' : String(row.group ?? '')],
    ['Recommended', reason === null ? '' : `It is ${reason}.`],
  ] as const;
  return lines.filter(([, text]) => text !== '');
}

/** What a study's verdicts come to, a sentence each: the recommendation, or why there is none, first. */
export function verdictSentences(
  all: readonly VerdictRow[],
  { concordance, seedCorrelation }: Pick<StudyRecord, 'concordance' | 'seedCorrelation'>,
): readonly string[] {
  const mixed = all.some((row) => row.mixed) ? [mixedSentence] : [];
  const judged = all.filter(({ blocks }) => blocks > 0);
  if (judged.length === 0) return mixed;
  return [
    recommendationSentence(all, judged),
    ...mixed,
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

const mixedSentence =
  'Mixed: trained in several arithmetics, in each of which the baselines were trained too; trials are paired within one.';

function recommendationSentence(all: readonly VerdictRow[], judged: readonly VerdictRow[]): string {
  const best = all.find(({ recommended }) => recommended);
  const rivals = all.filter((one) => one.group === 1 && one.kind === 'baseline' && !isRelu(one));
  if (best) {
    const others = rivals.filter((one) => one !== best);
    const also = others.length === 0 ? '' : ` The leading group also holds ${baselinesText(others)}.`;
    return `Recommended: ${best.expression}. It is ${recommendationReason(best, all)}.${also}`;
  }
  const most = judged.reduce((count, { blocks }) => Math.max(count, blocks), 0);
  if (most < usualJudge.fewestBlocks) {
    return `No verdicts: they need ${usualJudge.fewestBlocks} blocks (a child and a seed each), and no function has more than ${most}.`;
  }
  const ahead = rivals.filter(({ verdict }) => verdict === 'ahead');
  return ahead.length === 0
    ? 'No function is recommended: none of the leading group is certainly ahead of ReLU.'
    : `No function is recommended: of the leading group only ${baselinesText(ahead)} is certainly ahead of ReLU, and a search recommends its own proposals.`;
}

/** `the baseline Swish`, `the baselines GELU and Swish`. */
function baselinesText(baselines: readonly VerdictRow[]): string {
  const names = baselines.map(({ name, expression }) => name ?? expression);
  return `the ${names.length === 1 ? 'baseline' : 'baselines'} ${new Intl.ListFormat('en').format(names)}`;
}
