import { ActivationSearchError } from '../errors.ts';
import { parse } from '../expression/notation.ts';
import { type StudyConfig, storedConfig } from '../search/study-config.ts';
import { type SearchSpace, searchedSpace } from '../search-space/search-space.ts';
import { Store } from '../storage/store.ts';
import type { Candidate } from '../study/candidate.ts';
import { isTrained } from '../study/statuses.ts';
import { commandText } from '../terminal/command-text.ts';
import type { ScoreTable, TableRow } from './score-table.ts';

/** A study as a table, and the space it searched; undefined where it evaluated given formulas. */
export interface StudyTable {
  readonly table: ScoreTable;
  readonly space: SearchSpace | undefined;
  readonly reflections: StudyConfig['reflections'];
}

/**
 * The scores of a study's proposals; reads only. Refuses an unknown study and one that has trained nothing.
 */
export function studyTable(file: string, study: string): StudyTable {
  const store = Store.open(file, { readonly: true });
  try {
    const record = store.study(study);
    const { id, space } = record;
    const candidates = store.candidatesOf(id);
    refuseSeveralRungs(study, candidates);
    const rows = candidates.flatMap(({ kind, status, expression, score }): TableRow[] => {
      if (kind === 'baseline' || !isTrained(status)) return [];
      return [{ expression: parse(expression), status, score }];
    });
    if (rows.length === 0) {
      throw new ActivationSearchError('study', `study "${study}" has no trained candidate yet.`, {
        hint: `Go on with it: ${commandText(['resume', study], file)}`,
      });
    }
    return {
      table: { source: `study ${study} of ${file}`, rows },
      space: searchedSpace(space),
      reflections: storedConfig(record).reflections,
    };
  } finally {
    store.close();
  }
}

function refuseSeveralRungs(study: string, candidates: readonly Candidate[]): void {
  const scored = candidates.filter(({ kind, score }) => kind === 'proposed' && score !== null);
  const rungs = [...new Set(scored.map(({ rung }) => rung))].sort();
  if (rungs.length < 2) return;
  throw new ActivationSearchError(
    'study',
    `study "${study}" has scores of rungs ${rungs.join(' and ')}, which are not on one scale.`,
    { hint: 'Take a study of one rung. npm run table makes one of the whole one-unit space.' },
  );
}
