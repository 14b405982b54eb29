import { type LeaderboardRow, leaderboardColumns } from '../storage/leaderboard.ts';

/** The columns of CSV, named as in the JSON. */
export const leaderboardFields = leaderboardColumns.fields;

/** A row's values in the order of `leaderboardFields`. */
export function leaderboardValues(row: LeaderboardRow): readonly unknown[] {
  return leaderboardFields.map((field) => row[field]);
}

/** A ranking as a Markdown table, for a README: numbers rounded, formulas as code; the rung where there are several. */
export function leaderboardMarkdown(rows: readonly LeaderboardRow[], rungs: number): string {
  const number = (value: number | null, digits: number): string =>
    value === null ? '' : value.toFixed(digits);
  const lines = rows.map((row) => [
    row.rank ?? '',
    `${row.name ? `${row.name}: ` : ''}\`${row.expression.replaceAll('|', '\\|')}\`${row.target ? ' (target)' : ''}`,
    ...(rungs > 1 ? [row.rung] : []),
    row.score === null ? row.status : number(row.score, 4),
    row.low === null || row.high === null ? '' : `${number(row.low, 4)} to ${number(row.high, 4)}`,
    row.versusRelu === null ? '' : `${number(row.versusRelu * 100, 1)}%`,
    row.trials,
    row.complexity,
  ]);
  const rung = (text: string): string[] => (rungs > 1 ? [text] : []);
  const headings = [
    'rank',
    'function',
    ...rung('rung'),
    'score',
    '95% interval',
    'errors of ReLU',
    'trials',
    'complexity',
  ];
  const aligned = ['--:', ':--', ...rung('--:'), '--:', ':-:', '--:', '--:', '--:'];
  return [headings, aligned, ...lines].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}
