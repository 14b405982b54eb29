import { ActivationSearchError } from '../errors.ts';
import type { ExportRequest } from '../export/exported-function.ts';
import { parametersOf } from '../expression/derive.ts';
import type { Expression } from '../expression/expression.ts';
import { fingerprint, sameFunction } from '../expression/fingerprint.ts';
import { parse, print } from '../expression/notation.ts';
import type { Store } from '../storage/store.ts';
import type { Candidate } from '../study/candidate.ts';
import type { LearnedValues } from '../study/learned.ts';
import type { Trial } from '../study/trial.ts';
import { short } from '../terminal/numbers.ts';
import { knownFacts } from './formula-facts.ts';
import { type FunctionScore, functionScore, functionScores } from './function-scores.ts';

/** A formula to export; with a store, and its scores in all studies or in one. */
export function formulaRequest(
  expression: Expression,
  date: string,
  store?: Store,
  study?: string,
): ExportRequest {
  const scores = store ? functionScores(store, expression, study) : [];
  return requestFor(expression, scores, date);
}

/** The candidate with an id. */
export function candidateRequest(
  store: Store,
  id: number,
  study: string | undefined,
  date: string,
): ExportRequest {
  const candidate = store.candidate(id);
  if (!candidate) {
    throw new ActivationSearchError('usage', `no candidate ${id} in ${store.file}.`, {
      hint: 'Ids are in: npx activation-search leaderboard --json',
    });
  }
  if (study !== undefined && store.study(study).id !== candidate.studyId) {
    throw new ActivationSearchError('usage', `candidate ${id} is not of study "${study}".`, {
      hint: 'Leave --study out: ids are unique in the database.',
    });
  }
  return requestOfCandidate(store, candidate, date);
}

/** The first functions of a study's ranking. */
export function topRequests(
  store: Store,
  study: string,
  count: number,
  date: string,
): readonly ExportRequest[] {
  const ranked = store.leaderboard(store.study(study).name).filter(({ rank }) => rank !== null);
  if (ranked.length < count) {
    throw new ActivationSearchError(
      'usage',
      `study "${study}" ranks ${ranked.length} functions, not ${count}.`,
      {
        hint:
          ranked.length === 0
            ? 'Let it train some first: npx activation-search resume'
            : `Write top:${ranked.length}.`,
      },
    );
  }
  return ranked
    .slice(0, count)
    .map(({ id }) => requestOfCandidate(store, store.candidate(id) as Candidate, date));
}

/** The same function with the values that a trial has learned. */
export function trainedRequest(store: Store, request: ExportRequest, trialId: number): ExportRequest {
  const trial = store.trial(trialId);
  const candidate = trial && store.candidate(trial.candidateId);
  if (!trial || !candidate) {
    throw new ActivationSearchError('usage', `no trial ${trialId} in ${store.file}.`, {
      hint: 'Their numbers are in: npx activation-search trial list',
    });
  }
  const expression = parse(candidate.expression);
  if (!sameFunction(expression, request.expression)) {
    throw new ActivationSearchError(
      'usage',
      `trial ${trialId} trained ${candidate.expression}, another function.`,
      {
        hint: `Its function is candidate ${candidate.id}.`,
      },
    );
  }
  const trained = store.learnedOf(trialId);
  refuseUnlearned(trial, expression, trained);
  const note = `Parameters as trial ${trialId} learned them (${trial.child}, seed ${trial.seed}, ${trial.steps} steps).`;
  return { ...request, expression, trained, notes: [...request.notes, note] };
}

/** Refuses a trial that has not learned a value of every parameter. */
function refuseUnlearned({ id, status }: Trial, expression: Expression, trained: LearnedValues): void {
  const refuse = (problem: string, hint: string): never => {
    throw new ActivationSearchError('usage', problem, { hint });
  };
  const parameters = parametersOf(expression);
  if (parameters.length === 0) refuse(`${print(expression)} has no parameters.`, 'Leave --trained out.');
  if (status !== 'complete') refuse(`trial ${id} is not complete: ${status}.`, 'Take a complete trial.');
  for (const { name } of parameters) {
    if (trained[name]?.flat().length) continue;
    const others = Object.keys(trained)
      .filter((other) => other !== name)
      .join(', ');
    refuse(
      `trial ${id} has no learned values of ${name}${others === '' ? '' : `, only of ${others}`}.`,
      `A child reports them with its outcome: {"learned": {"${name}": [[1.2, 0.9], …]}}, a list for each layer.`,
    );
  }
}

function requestOfCandidate(store: Store, candidate: Candidate, date: string): ExportRequest {
  return requestFor(parse(candidate.expression), [functionScore(store, candidate)], date);
}

function requestFor(expression: Expression, scores: readonly FunctionScore[], date: string): ExportRequest {
  const notes = [...scores.map(scoreNote), `Exported by activation-search on ${date}.`];
  return { expression, name: nameOf(expression), notes };
}

/** The name of the same function in the catalog, or one made of the fingerprint. */
function nameOf(expression: Expression): string {
  const known = knownFacts(expression);
  const name = known?.kind === 'equal' ? known.name.replaceAll(/[^A-Za-z0-9]/g, '') : '';
  if (/^[A-Za-z]/.test(name)) return name;
  return `Activation${fingerprint(expression).slice(0, 8)}`;
}

function scoreNote({ study, id, status, score, low, high, rank, ranked }: FunctionScore): string {
  if (score === null) return `Study ${study}, candidate ${id}: ${status}.`;
  const interval = low === null || high === null ? '' : ` (95% interval ${short(low)} to ${short(high)})`;
  const place = rank === null ? '' : `, rank ${rank} of ${ranked}`;
  return `Study ${study}, candidate ${id}: score ${short(score)}${interval}${place}.`;
}
