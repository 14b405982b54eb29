import type { Controller, ControllerKind, ControllerOptions } from '../controllers/controller.ts';
import { StudyJudge } from '../ranking/study-verdicts.ts';
import { usualJudge } from '../ranking/verdicts.ts';
import type { Scoring } from '../search/machine/climber.ts';
import { MemoryLedger } from '../search/machine/ledger.ts';
import type { Step } from '../search/machine/parts.ts';
import type { Judge } from '../search/machine/proposer.ts';
import { StudyMachine } from '../search/machine/study-machine.ts';
import type { Candidate, NewCandidate } from '../study/candidate.ts';
import { Ladder } from '../study/ladder.ts';
import { isTrained } from '../study/statuses.ts';
import type { EndedTrial } from '../study/trial.ts';
import type { ScoredFunction, ScoredSpace } from './scored-space.ts';

export interface ReplayOptions {
  /** Decides all that is random in the controller, as a study's seed does. */
  readonly seed: number;
  /** Different functions to train. */
  readonly evaluations: number;
  /** Proposals asked at a time. */
  readonly batch: number;
  /** Proposals after which a run ends, as a controller may propose known functions for ever. */
  readonly proposals: number;
}

/** What a controller did with one seed. */
export interface ReplayedRun {
  readonly seed: number;
  /** The functions it trained, by number, in order. */
  readonly evaluated: readonly number[];
  /** Proposals until the last function was trained, or the end of the run. */
  readonly proposals: number;
  readonly refused: number;
  /** Of functions trained before. */
  readonly known: number;
  /** exhausted: it had nothing left to propose. */
  readonly ended: 'evaluations' | 'proposals' | 'exhausted';
}

/**
 * Runs a study with the table in place of training, and memory in place of the database. It has the
 * candidates of a study on one rung with this seed, batch and controller and with these scores.
 */
export function replay(
  kind: ControllerKind,
  options: ControllerOptions,
  scored: ScoredSpace,
  { seed, evaluations, batch, proposals: most }: ReplayOptions,
): ReplayedRun {
  const ledger = new MemoryLedger();
  const functionOf = new Map<number, number>();
  const machine = new StudyMachine({
    ledger,
    ladder,
    controller: limited(kind.create(scored.space, seed, options), most),
    judge: judgeOf(scored, functionOf),
    scoring: tableScore,
    judging: (blocks) => new StudyJudge(blocks, usualJudge, { validationImages: {} }),
    rules: {
      learns: kind.learns,
      overlaps: kind.overlaps ?? false,
      batch,
      candidates: evaluations,
      stopAtTarget: false,
    },
    candidates: ledger.recordBatch([unjudged]),
    completedBatch: -1,
  });
  for (let step: Step = machine.step(); step.kind !== 'end'; step = machine.step()) {
    if (step.kind === 'train') {
      const { number } = step.climber.candidate;
      const id = functionOf.get(number);
      const score = id === undefined ? 0 : (scored.functions[id] as ScoredFunction).score;
      machine.take(step.climber, tableTrial(number, score));
    } else if (step.kind === 'wait') machine.commit();
  }
  machine.commit();
  const trained = machine.candidates.filter(({ kind: is, status }) => is === 'proposed' && isTrained(status));
  const full = trained.length === evaluations;
  const proposals = full ? (trained.at(-1) as Candidate).number : machine.counts.proposed;
  const refused = ledger.candidates.filter(
    ({ number, status }) => number <= proposals && status === 'refused',
  );
  return {
    seed,
    evaluated: trained.map(({ number }) => functionOf.get(number) as number),
    proposals,
    refused: refused.length,
    known: proposals - refused.length - trained.length,
    ended: full ? 'evaluations' : proposals >= most ? 'proposals' : 'exhausted',
  };
}

/** Proposes no more than `most`; after that the space counts as exhausted. */
function limited(controller: Controller, most: number): Controller {
  let left = most;
  return {
    ask(count) {
      const asked = controller.ask(Math.min(count, left));
      left -= asked.length;
      return asked;
    },
    tell: (results) => controller.tell(results),
    save: () => controller.save(),
  };
}

/**
 * Judges proposals as the table's space does, which remembers its judgments; notes the function of each
 * number.
 */
function judgeOf(scored: ScoredSpace, functionOf: Map<number, number>): Judge {
  const owners = new Map<number, number>();
  return (number, tokens) => {
    const id = scored.judge(tokens);
    if (id === undefined) return { ...unjudged, number, tokens, status: 'refused' };
    const owner = owners.get(id);
    if (owner !== undefined) return { ...unjudged, number, tokens, status: 'known', owner };
    owners.set(id, number);
    functionOf.set(number, id);
    return { ...unjudged, number, tokens };
  };
}

/** A candidate to be trained, without what a replay does not need; as it stands, the one baseline. */
const unjudged: NewCandidate = {
  number: -1,
  name: null,
  tokens: null,
  expression: '',
  fingerprint: '',
  complexity: 0,
  gated: false,
  target: null,
  status: 'waiting',
  reasonCode: null,
  reason: null,
  owner: null,
};

/** One rung of one trial. */
const ladder = new Ladder([
  {
    children: [{ name: 'table', steps: 1 }],
    seeds: [1],
    share: null,
    finalists: null,
    parsimony: 0,
    race: null,
    earlyStop: null,
  },
]);

const instantTrial: EndedTrial['trial'] = {
  candidateId: 0,
  rung: 1,
  child: 'table',
  seed: 1,
  steps: 1,
  activation: 'composed',
  precision: 'float32',
  timeLimit: 1,
  earlyStop: null,
  status: 'complete',
  reason: null,
  stepsDone: 1,
  validationAccuracy: null,
  validationLoss: null,
  metric: null,
  trainingLoss: null,
  meanTrainingLoss: null,
  parameterCount: null,
  weightsHash: null,
  learned: null,
  arithmetic: null,
  seconds: 0,
  attempts: 1,
};

/**
 * The trial of a function of the table, with its score in place of the accuracy. The baseline's score decides
 * nothing.
 */
function tableTrial(candidateId: number, score: number | null): EndedTrial {
  const status = score === null ? 'diverged' : 'complete';
  const trial = { ...instantTrial, candidateId, status, validationAccuracy: score } as const;
  return { trial, curve: [], learnedValues: null, test: null };
}

const tableScore: Scoring = ([trial]) => {
  if (!trial) throw new Error('a score needs a trial');
  const { status, reason, validationAccuracy: score } = trial;
  return { status, reason, score, low: null, high: null, versusRelu: null };
};
