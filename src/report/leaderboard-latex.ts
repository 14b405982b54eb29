import { latexOf } from '../export/latex.ts';
import { parse } from '../expression/notation.ts';
import type { LeaderboardRow } from '../storage/leaderboard.ts';
import { percent } from '../terminal/numbers.ts';
import { briefKnownName } from './known-name.ts';
import { leaderboardInterval } from './leaderboard-text.ts';

/**
 * A ranking as a LaTeX table in the style of booktabs, formulas in math mode; with the rung if the ladder has
 * several.
 */
export function leaderboardLatex(rows: readonly LeaderboardRow[], rungs: number): string {
  const rung = (text: string): string[] => (rungs > 1 ? [text] : []);
  const headings = ['rank', 'function', ...rung('rung'), 'score', '95% interval', 'errors of ReLU', 'trials'];
  const lines = rows.map((row) => [
    String(row.rank ?? '--'),
    functionText(row),
    ...rung(String(row.rung)),
    row.score === null ? row.status : mathNumber(row.score.toFixed(4)),
    mathNumber(leaderboardInterval(row)),
    row.versusRelu === null ? '' : latexText(percent(row.versusRelu)),
    String(row.trials),
  ]);
  return [
    '% Needs \\usepackage{amsmath, booktabs}.',
    `\\begin{tabular}{rl${rung('r').join('')}rcrr}`,
    '\\toprule',
    tableRow(headings.map(latexText)),
    '\\midrule',
    ...lines.map(tableRow),
    '\\bottomrule',
    '\\end{tabular}',
    '',
  ].join('\n');
}

function tableRow(cells: readonly string[]): string {
  return `${cells.join(' & ')} \\\\`;
}

function functionText(row: LeaderboardRow): string {
  const formula = `$${latexOf(parse(row.expression))}$`;
  const known = row.name ?? briefKnownName(row);
  return known === null ? formula : `${formula} (${latexText(known)})`;
}

/** Numbers in a text with a minus sign of mathematics in place of the hyphen. */
function mathNumber(text: string): string {
  return text.replaceAll(/-\d+(?:\.\d+)?/g, '$$$&$$');
}

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '|': '\\textbar{}',
};

/** Text with every sign that LaTeX reads as a command written as itself. */
export function latexText(text: string): string {
  return text.replaceAll(/[\\~^|&%$#_{}]/g, (sign) => escapes[sign] ?? `\\${sign}`);
}
