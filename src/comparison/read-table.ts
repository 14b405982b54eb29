import { type CsvRow, readCsvFile } from '../csv-file.ts';
import { ActivationSearchError, nearestName, type Place } from '../errors.ts';
import { parse } from '../expression/notation.ts';
import { type CandidateStatus, isTrained, trialStatuses, untrainedStatuses } from '../study/statuses.ts';
import type { ScoreTable, TableRow } from './score-table.ts';

/** Without these a file is no table. */
const neededColumns = ['expression', 'status', 'score'] as const;

const statuses: readonly CandidateStatus[] = [...trialStatuses, ...untrainedStatuses];

/**
 * Reads a table from a CSV file (RFC 4180, first line the names of the columns): at least `expression`,
 * `status` and `score`; `rung` and `kind` are used if they are there, other columns are not. Leaves out
 * baselines and rows that were not trained (refused, known or waiting). `shown` is the file as people name
 * it. Refuses the first mistake with line and column.
 */
export function readTable(file: string, shown: string = file): ScoreTable {
  const [header, ...lines] = readCsvFile(file, shown, hints);
  if (!header) throw refusal('the table is empty.', { file: shown }, layout);
  const columns = columnsOf(header);
  const rows: TableRow[] = [];
  const rungs = new Map<string, Place>();
  for (const line of lines) {
    const at = (name: string): Place => line.placeOf(columns.get(name) as number);
    const field = (name: string): string => (line.fields[columns.get(name) ?? -1] ?? '').trim();
    const status = statusOf(field('status'), at);
    if (!isTrained(status) || field('kind') === 'baseline') continue;
    if (status === 'complete' && columns.has('rung')) rungs.set(field('rung'), at('rung'));
    refuseSeveralRungs(rungs);
    rows.push({
      expression: parse(field('expression'), at('expression')),
      status,
      score: status === 'complete' ? scoreOf(field('score'), at) : null,
      place: at('expression'),
    });
  }
  if (rows.length === 0) {
    throw refusal(
      lines.length === 0 ? 'the table has no rows.' : 'the table has no row of a trained candidate.',
      { file: shown },
      layout,
    );
  }
  return { source: shown, rows };
}

const layout =
  'A table has a line of names of columns, then a line for each function: expression,status,score. See bench/tables/README.md';

const hints = {
  database: 'Name a study of it: --db FILE --study NAME',
  malformed: 'Each line has a field for each column; a field with commas or quotes stands in quotes.',
};

function columnsOf({ fields, place }: CsvRow): ReadonlyMap<string, number> {
  const names = fields.map((name) => name.trim());
  const missing = neededColumns.filter((name) => !names.includes(name));
  if (missing.length > 0) {
    const near = missing.flatMap((name) => {
      const found = nearestName(name, names);
      return found === undefined ? [] : [`"${found}" may be meant for "${name}".`];
    });
    throw refusal(
      `the table has no column ${missing.map((name) => `"${name}"`).join(', ')}; it has ${names.join(', ')}.`,
      place,
      [...near, layout].join(' '),
    );
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index && name !== '');
  if (twice !== undefined) {
    throw refusal(`the table has two columns "${twice}".`, place, 'Remove or rename one.');
  }
  return new Map(names.map((name, index) => [name, index]));
}

function statusOf(given: string, at: (name: string) => Place): CandidateStatus {
  const status = statuses.find((one) => one === given);
  if (status) return status;
  const near = nearestName(given, statuses);
  throw refusal(
    given === '' ? 'a row has no status.' : `"${given}" is no status.`,
    at('status'),
    near === undefined ? `Known: ${statuses.join(', ')}.` : `Did you mean "${near}"?`,
  );
}

function scoreOf(given: string, at: (name: string) => Place): number {
  const score = given === '' ? Number.NaN : Number(given);
  if (Number.isFinite(score)) return score;
  throw refusal(
    given === '' ? 'a complete row has no score.' : `the score "${given}" is not a finite number.`,
    at('score'),
    'A row with status complete has a number such as -0.25 or 1e-3; a failed one has another status and no score.',
  );
}

function refuseSeveralRungs(rungs: ReadonlyMap<string, Place>): void {
  if (rungs.size < 2) return;
  const names = [...rungs.keys()].map((name) => name || 'none');
  throw refusal(
    `scores of several rungs (${names.join(' and ')}) are not on one scale.`,
    [...rungs.values()].at(-1),
    'Keep the rows of one rung.',
  );
}

function refusal(message: string, place: Place | undefined, hint: string): ActivationSearchError {
  return new ActivationSearchError('config', message, { ...(place ? { place } : {}), hint });
}
