import { finiteOrNull } from '../study/trial.ts';
import type { Cell } from '../terminal/csv.ts';
import type { Agreement } from './agreement.ts';
import { type FidelityRow, wayOf } from './fidelity-row.ts';
import { controlMeasure } from './measures.ts';
import { type Reference, selfAgreement } from './reference.ts';

const headings = [
  'seconds',
  'tau of all',
  '95%',
  'of the better half',
  '95%',
  'functions',
  'children',
  'seeds',
  'measure',
  'puts first',
] as const;

/** Columns that hold numbers. */
export const numericColumns = 6;

/** Rows as cells of a table for people, below their headings. */
export function frontierTable(rows: readonly FidelityRow[]): readonly (readonly string[])[] {
  return [headings, ...rows.map(cellsOf)];
}

/** The same as Markdown. */
export function frontierMarkdown(rows: readonly FidelityRow[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const [heads = [], ...cells] = frontierTable(rows);
  const rule = heads.map((_, column) => (column < numericColumns ? '--:' : '---'));
  return [line(heads), line(rule), ...cells.map(line)].map((text) => `${text}\n`).join('');
}

/** Rows with every number, below the names of their columns, as CSV takes them. */
export function frontierCells(rows: readonly FidelityRow[]): Cell[][] {
  const columns = 'children measure seeds seconds functions tau low high better_tau better_low better_high';
  return [
    [...columns.split(' '), 'first', 'frontier'],
    ...rows.map(({ children, measure, seeds, seconds, functions, all, better, first, frontier }) => [
      children.join(' '),
      measure,
      seeds,
      seconds,
      functions,
      ...[all, better].flatMap(({ tau, low, high }) => [tau, low, high].map(finiteOrNull)),
      first,
      frontier,
    ]),
  ];
}

/** What the rows say of a goal, in one sentence. */
export function goalSentence(
  rows: readonly FidelityRow[],
  { tau, seconds }: { readonly tau: number; readonly seconds: number },
): string {
  const goal = `tau ${tau.toFixed(2)} within ${seconds} s`;
  const short = rows.filter((row) => row.seconds !== null && row.seconds <= seconds);
  const best = short.filter(({ frontier }) => frontier).at(-1);
  if (!best) return `Goal ${goal}: ${whyNotJudged(short)}.`;
  const verdict = best.all.tau >= tau ? 'reached' : 'not reached';
  const [value, interval] = agreementCells(best.all);
  const way = `${wayOf(best)}, ${best.seconds?.toPrecision(3)} s`;
  return `Goal ${goal}: ${verdict}. The best within that time is ${value} (${interval}) by ${way}.`;
}

function whyNotJudged(short: readonly FidelityRow[]): string {
  const measured = short.filter(({ measure }) => measure !== controlMeasure);
  if (measured.length === 0) return 'nothing so short was measured';
  const most = Math.max(...measured.map(({ functions }) => functions));
  return `what is so short was measured on ${most} of the reference's functions at most, which are too few`;
}

/** What the control says, in two sentences; empty if it was not asked. */
export function controlSentence(rows: readonly FidelityRow[]): string {
  const control = rows.find(({ measure }) => measure === controlMeasure);
  if (!control) return '';
  const [value, interval] = agreementCells(control.all);
  return `Control: ${value} (${interval}) by ${wayOf(control)}, which would put f = 0 first. Tau up to there may mean no more.`;
}

/** How well the networks of a reference agree with each other, and its seeds; empty where there is one. */
export function selfAgreementSentences({ networks, seeds }: Reference): readonly string[] {
  return [selfAgreementSentence('network', networks), selfAgreementSentence('seed', seeds)];
}

function selfAgreementSentence(judge: string, values: readonly (readonly number[])[]): string {
  const own = selfAgreement(values);
  if (own.length === 0) return '';
  const list = (agreements: readonly Agreement[]) => agreements.map(({ tau }) => tau.toFixed(2)).join(', ');
  const [all, better] = [list(own.map((one) => one.all)), list(own.map((one) => one.better))];
  return `Each ${judge} of the reference against the mean of the others: tau ${all}; of the better half ${better}.`;
}

function cellsOf(row: FidelityRow): readonly string[] {
  const { children, measure, seeds, seconds, functions, all, better, first } = row;
  return [
    seconds === null ? 'unknown' : seconds.toFixed(1),
    ...agreementCells(all),
    ...agreementCells(better),
    String(functions),
    children.length === 0 ? 'none' : children.join(' + '),
    String(seeds),
    measure,
    first,
  ];
}

function agreementCells({ tau, low, high }: Agreement): readonly [string, string] {
  return [tau.toFixed(2), `${low.toFixed(2)} to ${high.toFixed(2)}`];
}
