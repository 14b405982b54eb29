import { existsSync, readFileSync } from 'node:fs';
import { sameFunction } from '../src/expression/fingerprint.ts';
import { parse } from '../src/expression/notation.ts';
import type { StudyEvent } from '../src/search/events.ts';
import type { Store } from '../src/storage/store.ts';
import type { Candidate } from '../src/study/candidate.ts';
import { isTrained } from '../src/study/statuses.ts';

/** What became of one study of the bench `rediscovery`. */
export interface Rediscovery {
  readonly seed: number;
  /** The first Swish proposed and trained; undefined where there was none. */
  readonly found: Found | undefined;
  /**
   * The same with all functions that are x*sigmoid(x) once their parameters are 1, such as beta*x*sigmoid(x).
   */
  readonly foundAtOne: Found | undefined;
  /** Proposed candidates that were trained, and those of them with a score. */
  readonly evaluated: number;
  readonly ranked: number;
  /** Running time of the study, seconds. */
  readonly seconds: number;
  /** The best proposed candidates, first to fifth. */
  readonly top: readonly Candidate[];
  /** Best score on the last rung so far, and candidates evaluated so far, by seconds of running time. */
  readonly progress: readonly Progress[];
}

export interface Found {
  readonly expression: string;
  /** What became of it: complete, or given up early. */
  readonly status: Candidate['status'];
  /** Running time when it had its last result, seconds. */
  readonly seconds: number;
  /** Proposed candidates evaluated by then. */
  readonly evaluated: number;
  /**
   * Of the best Swish among the proposed candidates with a score when the study ended; null where none has
   * one.
   */
  readonly rank: number | null;
}

export interface Progress {
  readonly seconds: number;
  readonly evaluated: number;
  readonly best: number | null;
}

type CandidateEvent = Extract<StudyEvent, { event: 'candidate' }>;

const swish = ['x*sigmoid(beta*x)', 'x*sigmoid(x)'].map((formula) => parse(formula));

/** Whether a formula is x*sigmoid(beta*x) or x*sigmoid(x): not its mirror image, not a multiple of it. */
export function isSwish(formula: string): boolean {
  const expression = parse(formula);
  return swish.some((one) => sameFunction(expression, one));
}

/**
 * Reads a study from the database and its log; `rungs` is the number of rungs of its ladder before the
 * finals.
 */
export function readRediscovery(
  store: Store,
  name: string,
  log: string,
  seed: number,
  rungs: number,
): Rediscovery {
  const study = store.study(name);
  const candidates = store.candidatesOf(study.id);
  const trained = candidates.filter(({ kind, status }) => kind === 'proposed' && isTrained(status));
  const order = store
    .leaderboard(name)
    .filter(({ kind, status }) => kind === 'proposed' && status === 'complete')
    .map(({ id }) => trained.find((candidate) => candidate.id === id) as Candidate);
  // In the finals nothing is found any more.
  const events = readEvents(log).filter(({ rung }) => rung === null || rung <= rungs);
  return {
    seed,
    found: find(trained, order, events, ({ target, expression }) => target !== null && isSwish(expression)),
    foundAtOne: find(trained, order, events, ({ target }) => target !== null),
    evaluated: trained.length,
    ranked: order.length,
    seconds: study.seconds,
    top: order.slice(0, 5),
    progress: progressOf(events, rungs),
  };
}

function find(
  trained: readonly Candidate[],
  order: readonly Candidate[],
  events: readonly CandidateEvent[],
  isSought: (candidate: Candidate) => boolean,
): Found | undefined {
  const first = trained.find(isSought);
  if (!first) return undefined;
  const scored = events.findLast(({ number }) => number === first.number);
  if (!scored) throw new Error(`the log lacks candidate ${first.number}`);
  const rank = order.findIndex(isSought) + 1;
  return {
    expression: first.expression,
    status: first.status,
    seconds: scored.seconds,
    evaluated: scored.counts.evaluated,
    rank: rank === 0 ? null : rank,
  };
}

function progressOf(events: readonly CandidateEvent[], rungs: number): readonly Progress[] {
  let best: number | null = null;
  return events.map(({ seconds, counts, ...candidate }) => {
    if (candidate.score !== null && candidate.rung === rungs)
      best = Math.max(best ?? Number.NEGATIVE_INFINITY, candidate.score);
    return { seconds, evaluated: counts.evaluated, best };
  });
}

/** What the study's log says of its candidates, in order; a last line half written does not count. */
function readEvents(log: string): readonly CandidateEvent[] {
  if (!existsSync(log)) throw new Error(`${log} is missing: it says when candidates were evaluated`);
  return readFileSync(log, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as CandidateEvent & { readonly msg: string })
    .filter(({ msg, kind }) => msg === 'candidate' && kind === 'proposed');
}
