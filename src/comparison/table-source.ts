import { resolve } from 'node:path';
import { ActivationSearchError, suggestion } from '../errors.ts';
import { shippedTablesFolder, shownPath } from '../paths.ts';
import type { StudyConfig } from '../search/study-config.ts';
import { loadSearchSpace, type SearchSpace } from '../search-space/search-space.ts';
import { readTable } from './read-table.ts';
import type { ScoreTable } from './score-table.ts';
import { studyTable } from './study-table.ts';

/** Tables by name, with the space each was made on. bench/tables/README.md says how they were made. */
export const shippedTables = {
  'paper-subset': { space: 'paper-subset' },
  'one-unit': { space: 'paper', reflections: 'mirrors' },
} as const satisfies Readonly<Record<string, TableOfSpace>>;

interface TableOfSpace {
  readonly space: string;
  /** Which reflections of a function were trained as one; each by itself without it. */
  readonly reflections?: Reflections;
}

type Reflections = StudyConfig['reflections'];

export interface TableSource {
  /** A shipped table's name, or a CSV file. */
  readonly table?: string;
  readonly db?: string;
  readonly study?: string;
  readonly space?: string;
  readonly reflections?: Reflections;
}

/** A table with what it takes to search it. */
export interface OpenedTable {
  readonly table: ScoreTable;
  readonly space: SearchSpace;
  readonly reflections: Reflections;
}

/**
 * The table named, the space to search, and how reflections are trained there: the table's own unless they
 * are given. Without a name: `paper-subset`.
 */
export function openTable({ table, db, study, space: named, reflections }: TableSource): OpenedTable {
  if (study === undefined) {
    if (db !== undefined)
      throw usage('--db needs the study whose scores are meant.', 'Name it: --study NAME');
    return openFile(table ?? 'paper-subset', named, reflections);
  }
  if (table !== undefined)
    throw usage('a table and a study were given.', 'Give one: TABLE, or --db FILE --study NAME');
  const { table: scores, space, reflections: own } = studyTable(db as string, study);
  if (named === undefined && space === undefined) {
    throw usage(`study "${study}" trained given formulas and has no space.`, 'Name one: --space NAME|FILE');
  }
  const searched = named === undefined ? (space as SearchSpace) : loadSearchSpace(named);
  return { table: scores, space: searched, reflections: reflections ?? own };
}

function openFile(
  given: string,
  named: string | undefined,
  reflections: Reflections | undefined,
): OpenedTable {
  const names = Object.keys(shippedTables) as (keyof typeof shippedTables)[];
  const fileOf = (name: string): string => resolve(shippedTablesFolder, `${name}.csv`);
  if (!/[./\\]/.test(given) && !names.some((name) => name === given)) {
    throw usage(
      `unknown table "${given}".`,
      `${suggestion(given, names)} A file of your own is given by its path: ./scores.csv`,
    );
  }
  const shipped = names.find((name) => name === given || fileOf(name) === resolve(given));
  const file = shipped === undefined ? resolve(given) : fileOf(shipped);
  const table = readTable(file, shownPath(file));
  const origin: TableOfSpace | undefined = shipped && shippedTables[shipped];
  const space = named ?? origin?.space;
  if (space === undefined) {
    throw usage(
      'a table of your own needs its space.',
      'Name the space that it was made on: --space NAME|FILE',
    );
  }
  return { table, space: loadSearchSpace(space), reflections: reflections ?? origin?.reflections ?? 'each' };
}

function usage(message: string, hint: string): ActivationSearchError {
  return new ActivationSearchError('usage', message, { hint });
}
