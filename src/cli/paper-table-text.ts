import type { PaperRow, PaperTable } from '../evaluation/paper-table.ts';
import { latexText } from '../report/leaderboard-latex.ts';
import { csvText } from '../terminal/csv.ts';
import { plural } from '../terminal/numbers.ts';
import type { Screen } from '../terminal/screen.ts';
import { tableText } from '../terminal/table.ts';

export const paperFormats = ['table', 'markdown', 'latex', 'csv', 'json'] as const;
export type PaperFormat = (typeof paperFormats)[number];

/** A table in the form of the paper as text. */
export function paperTableText(table: PaperTable, format: PaperFormat, screen: Screen): string {
  return writers[format](table, screen);
}

const writers: Readonly<Record<PaperFormat, (table: PaperTable, screen: Screen) => string>> = {
  table: (table, screen) => {
    const [function_ = '', ...others] = headings(table);
    const columns = [
      { heading: function_ },
      ...others.map((heading) => ({ heading, align: 'right', optional: true }) as const),
    ];
    const rows = table.rows.map((row) => cells(table, row));
    return [tableText(columns, rows, screen), ...remarks(table)].join('\n');
  },
  markdown: (table) => {
    const lines = [
      headings(table),
      headings(table).map((_, column) => (column === 0 ? ':--' : '--:')),
      ...table.rows.map((row) => cells(table, row)),
    ].map((line) => `| ${line.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`);
    return [...lines, '', ...remarks(table).map((remark) => `${remark}  `)].join('\n');
  },
  latex: (table) => {
    const line = (texts: readonly string[]): string => `${texts.map(latexText).join(' & ')} \\\\`;
    return [
      `\\begin{tabular}{l${'r'.repeat(headings(table).length - 1)}}`,
      '\\hline',
      line(headings(table)),
      '\\hline',
      ...table.rows.map((row) => line(cells(table, row))),
      '\\hline',
      '\\end{tabular}',
      ...remarks(table).map((remark) => `% ${remark}`),
    ].join('\n');
  },
  csv: (table) => csvText([headings(table), ...table.rows.map((row) => cells(table, row))]).trimEnd(),
  json: (table) => JSON.stringify(table, null, 2),
};

function headings({ models, publishedModels }: PaperTable): readonly string[] {
  return ['function', ...models, 'verdict', ...publishedModels.map((model) => `${model} (published)`)];
}

function cells({ publishedModels }: PaperTable, row: PaperRow): readonly string[] {
  return [
    row.function,
    ...row.accuracies.map(
      (value, model) => value?.toFixed(1) ?? ((row.failed[model] as number) > 0 ? 'failed' : ''),
    ),
    row.verdict ?? '',
    ...publishedModels.map((_, column) => row.published[column]?.toFixed(1) ?? ''),
  ];
}

/** What the numbers are, and the sign tests. */
function remarks({ dataset, split, rows, signTests, publishedModels }: PaperTable): readonly string[] {
  const runs = rows.flatMap((row) => row.runs);
  const [fewest, most] = [Math.min(...runs), Math.max(...runs)];
  const medians = fewest === most ? plural(most, 'seed') : `${fewest} to ${plural(most, 'seed')}`;
  const source = publishedModels.length > 0 ? '; published: median of 5, test split, arXiv:1710.05941' : '';
  const of = dataset === '' ? '' : ` of ${dataset}`;
  return [
    `Accuracy on the ${split} split${of} in %, median of ${medians}${source}.`,
    ...rows.flatMap(({ function: name, runs, failed }) => {
      const lost = failed.reduce((sum, count) => sum + count, 0);
      const all = lost + runs.reduce((sum, count) => sum + count, 0);
      return lost === 0 ? [] : [`${name}: ${lost} of ${plural(all, 'training')} failed.`];
    }),
    ...signTests.map(
      ({ better, than, wins, ties, losses, pValue }) =>
        `${better} against ${than}: ${wins}/${ties}/${losses} wins, ties and losses over the models (sign test, p = ${pValue.toFixed(3)}).`,
    ),
  ];
}
