import type { LeaderboardRow } from '../storage/store.ts';

/** The columns of CSV and Markdown, named as in the JSON. */
export const leaderboardFields = [
  'study',
  'rank',
  'id',
  'name',
  'kind',
  'expression',
  'score',
  'low',
  'high',
  'versusRelu',
  'trials',
  'seeds',
  'complexity',
  'gated',
  'status',
  'reason',
  'found',
  'proposals',
  'target',
  'fingerprint',
] as const satisfies readonly (keyof LeaderboardRow)[];

/** A row's values in the order of `leaderboardFields`. */
export function leaderboardValues(row: LeaderboardRow): readonly unknown[] {
  return leaderboardFields.map((field) => row[field]);
}

/** A ranking as a Markdown table, for a README: numbers rounded, formulas as code. */
export function leaderboardMarkdown(rows: readonly LeaderboardRow[]): string {
  const number = (value: number | null, digits: number): string =>
    value === null ? '' : value.toFixed(digits);
  const lines = rows.map((row) => [
    row.rank ?? '',
    `${row.name ? `${row.name}: ` : ''}\`${row.expression.replaceAll('|', '\\|')}\`${row.target ? ' (target)' : ''}`,
    row.score === null ? row.status : number(row.score, 4),
    row.low === null || row.high === null ? '' : `${number(row.low, 4)} to ${number(row.high, 4)}`,
    row.versusRelu === null ? '' : `${number(row.versusRelu * 100, 1)}%`,
    row.trials,
    row.complexity,
  ]);
  const headings = ['rank', 'function', 'score', '95% interval', 'errors of ReLU', 'trials', 'complexity'];
  const aligned = ['--:', ':--', '--:', ':-:', '--:', '--:', '--:'];
  return [headings, aligned, ...lines].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}
