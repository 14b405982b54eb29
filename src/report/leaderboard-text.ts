import { type LeaderboardRow, leaderboardColumns } from '../storage/leaderboard.ts';
import type { Cell } from '../terminal/csv.ts';
import { percent } from '../terminal/numbers.ts';
import { type IntervalKind, intervalKind } from './interval.ts';
import { briefKnownName, knownName } from './known-name.ts';
import { blocksText, recommendationReason, verdictText } from './verdict-text.ts';

/** A row as JSON and CSV have it. */
export type DescribedRow = LeaderboardRow & {
  readonly interval: IntervalKind | null;
  /** The known function that a proposal equals; null for a new one and for a baseline. */
  readonly known: string | null;
  /** Why it is recommended; null for all others. */
  readonly why: string | null;
};

/** `all` is the whole ranking. */
export function describedRow(row: LeaderboardRow, all: readonly LeaderboardRow[]): DescribedRow {
  return {
    ...row,
    interval: intervalKind(row),
    known: knownName(row),
    why: recommendationReason(row, all),
  };
}

/** The columns of the CSV, named as in the JSON. */
export const leaderboardFields: readonly (keyof DescribedRow)[] = [
  ...leaderboardColumns.fields,
  'interval',
  'known',
  'why',
];

/** A row's values in the order of `leaderboardFields`. */
export function leaderboardValues(row: DescribedRow): readonly Cell[] {
  return leaderboardFields.map((field) => row[field]);
}

/**
 * A ranking as a Markdown table: numbers rounded, formulas as code, and the rung if the ladder has several.
 */
export function leaderboardMarkdown(rows: readonly LeaderboardRow[], rungs: number): string {
  const rung = (text: string): string[] => (rungs > 1 ? [text] : []);
  const judged = rows.some((row) => verdictText(row) !== '');
  const verdict = (...texts: string[]): string[] => (judged ? texts : []);
  const lines = rows.map((row) => [
    String(row.rank ?? ''),
    String(row.id),
    functionText(row),
    ...verdict(String(row.group ?? ''), verdictText(row), blocksText(row)),
    ...rung(String(row.rung)),
    row.score === null ? row.status : row.score.toFixed(4),
    leaderboardInterval(row),
    row.versusRelu === null ? '' : percent(row.versusRelu),
    String(row.trials),
    String(row.complexity),
  ]);
  const headings = [
    'rank',
    'id',
    'function',
    ...verdict('group', 'verdict', 'blocks'),
    ...rung('rung'),
    'score',
    '95% interval',
    'errors of ReLU',
    'trials',
    'complexity',
  ];
  const aligned = [
    '--:',
    '--:',
    ':--',
    ...verdict('--:', ':--', '--:'),
    ...rung('--:'),
    '--:',
    ':-:',
    '--:',
    '--:',
    '--:',
  ];
  return [headings, aligned, ...lines].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

function functionText(row: LeaderboardRow): string {
  const name = row.name ? `${row.name}: ` : '';
  const known = briefKnownName(row);
  const formula = `\`${row.expression.replaceAll('|', '\\|')}\``;
  const marks = `${row.target ? ' (target)' : ''}${row.recommended ? ' (recommended)' : ''}`;
  return `${name}${formula}${known === null ? '' : ` (known: ${known})`}${marks}`;
}

/** `0.1000 to 0.3000`, or the kind of an interval that has no width. */
export function leaderboardInterval(row: LeaderboardRow): string {
  const kind = intervalKind(row);
  if (kind !== 'measured') return kind ?? '';
  return `${(row.low as number).toFixed(4)} to ${(row.high as number).toFixed(4)}`;
}
