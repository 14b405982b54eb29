import { ActivationSearchError } from '../errors.ts';
import type { Candidate } from '../study/candidate.ts';
import type { Trial } from '../study/trial.ts';
import { commandText } from '../terminal/command-text.ts';
import type { StudyReader } from './reader.ts';
import type { StudyRecord } from './records.ts';

/** The study of a candidate. Refuses one that was left behind when somebody deleted the study by hand. */
export function studyOf(store: StudyReader, { id, studyId }: Candidate): StudyRecord {
  return store.studyWithId(studyId) ?? leftBehind(store.file, `candidate ${id} belongs to a study`);
}

/** The candidate that owns the score: itself, or the earlier equal one. Refuses where that one has gone. */
export function ownerOf(store: StudyReader, candidate: Candidate): Candidate {
  const { id, sameAs } = candidate;
  if (sameAs === null) return candidate;
  return store.candidate(sameAs) ?? leftBehind(store.file, `candidate ${id} equals candidate ${sameAs}, one`);
}

/** The candidate of a trial. Refuses a trial that was left behind. */
export function candidateOf(store: StudyReader, { id, candidateId }: Trial): Candidate {
  return store.candidate(candidateId) ?? leftBehind(store.file, `trial ${id} belongs to a candidate`);
}

function leftBehind(file: string, what: string): never {
  throw new ActivationSearchError(
    'database',
    `${file}: ${what} that was deleted by hand, without foreign keys.`,
    {
      hint: `Delete the rest as well: ${commandText(['study', 'clean'], file)}`,
    },
  );
}
