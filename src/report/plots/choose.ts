import { readFormulaOfX } from '../../catalog/formula-of-x.ts';
import { readFormula } from '../../catalog/read-formula.ts';
import { ActivationSearchError } from '../../errors.ts';
import { parse } from '../../expression/notation.ts';
import { ownerOf } from '../../storage/left-behind.ts';
import type { LeaderboardRow, Store, StudyRecord } from '../../storage/store.ts';
import { isRelu } from '../../study/candidate.ts';
import { plural } from '../../terminal/numbers.ts';
import { equalFingerprints } from '../function-scores.ts';
import { type DrawnCandidate, type DrawnFunction, legendName } from './plot.ts';

/** Whether a word names a function of a study: an id, or top:N. */
export function namesCandidate(word: string): boolean {
  return /^\d+$/.test(word.trim()) || word.trim().startsWith('top:');
}

/** The functions that words choose: formulas, ids, and top:N for the first N of the study's ranking. */
export function chooseFunctions(
  words: readonly string[],
  source: { readonly store: Store; readonly study: StudyRecord } | null,
): readonly DrawnFunction[] {
  return words.flatMap((word): readonly DrawnFunction[] => {
    if (source && namesCandidate(word)) return chooseCandidates([word], source.store, source.study);
    return [{ label: legendName(word), expression: readFormulaOfX(word) }];
  });
}

/** The functions of a study that words choose; a formula finds the candidate that equals it. */
export function chooseCandidates(
  words: readonly string[],
  store: Store,
  study: StudyRecord,
): readonly DrawnCandidate[] {
  return words.flatMap((word) => idsOf(word.trim(), store, study).map((id) => chosen(store, id)));
}

/** The first `count` of the ranking and, for comparison, ReLU where it is not among them. */
export function bestAndRelu(store: Store, study: StudyRecord, count: number): readonly DrawnCandidate[] {
  const board = store.leaderboard(study.name);
  const best = rankedOf(board).slice(0, count);
  const relu = board.find((row) => isRelu(row) && !best.some(isRelu));
  return [...best, ...(relu ? [relu] : [])].map(({ id }) => chosen(store, id));
}

/** Refuses a study without a scored function, with what to do. */
export function refuseUnscored(study: StudyRecord, ranked: number, needed = 1): void {
  if (ranked >= needed) return;
  throw new ActivationSearchError(
    'study',
    `study "${study.name}" ranks ${plural(ranked, 'function')}, and ${needed === 1 ? 'this needs one' : `not ${needed}`}.`,
    {
      hint:
        ranked === 0
          ? `Let it train some first: npx activation-search resume ${study.name}`
          : `Write top:${ranked}.`,
    },
  );
}

/** Refuses functions, or a whole study, without any training. */
export function refuseUntrained(
  study: StudyRecord,
  trials: number,
  chosen: readonly DrawnCandidate[] = [],
): void {
  if (trials > 0) return;
  const named = chosen.map(({ candidate: { id, status } }) => `candidate ${id} (${status})`).join(', ');
  throw new ActivationSearchError(
    'study',
    named === ''
      ? `study "${study.name}" has no training yet.`
      : `study "${study.name}" has no training of ${named}.`,
    {
      hint:
        named === ''
          ? `Let it train some first: npx activation-search resume ${study.name}`
          : 'Take a function of the ranking, such as top:1.',
    },
  );
}

function idsOf(word: string, store: Store, study: StudyRecord): readonly number[] {
  if (/^\d+$/.test(word)) return [idInStudy(Number(word), store, study)];
  if (word.startsWith('top:')) {
    const count = /^top:[1-9]\d{0,4}$/.test(word) ? Number(word.slice(4)) : 0;
    if (count === 0) {
      throw new ActivationSearchError('usage', `${word} is no number of functions.`, {
        hint: 'Write top:3 for the first three of the ranking.',
      });
    }
    const ranked = rankedOf(store.leaderboard(study.name));
    refuseUnscored(study, ranked.length, count);
    return ranked.slice(0, count).map(({ id }) => id);
  }
  const equal = equalFingerprints(store, readFormula(word))
    .flatMap((fingerprint) => store.candidatesByFingerprint(fingerprint))
    .find(({ studyId }) => studyId === study.id);
  if (equal) return [equal.id];
  throw new ActivationSearchError('usage', `study "${study.name}" has no function equal to ${word}.`, {
    hint: store.findStudy(word)
      ? `${word} is a study: write --study ${word}, and behind the plot's name functions or nothing.`
      : 'Give an id or a formula of: npx activation-search leaderboard',
  });
}

function idInStudy(id: number, store: Store, study: StudyRecord): number {
  const candidate = store.candidate(id);
  if (candidate?.studyId === study.id) return ownerOf(store, candidate).id;
  const problem = candidate
    ? `candidate ${id} is not of study "${study.name}".`
    : `no candidate ${id} in ${store.file}.`;
  throw new ActivationSearchError('usage', problem, {
    hint: 'Ids are in: npx activation-search leaderboard --study NAME',
  });
}

function chosen(store: Store, id: number): DrawnCandidate {
  const candidate = store.candidate(id);
  if (!candidate) throw new Error(`candidate ${id} has gone`);
  const label = candidate.name ?? candidate.expression;
  return { label: legendName(label), expression: parse(candidate.expression), candidate };
}

function rankedOf(board: readonly LeaderboardRow[]): readonly LeaderboardRow[] {
  return board.filter(({ rank }) => rank !== null);
}
