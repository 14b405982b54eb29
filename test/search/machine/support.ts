import type { Controller, ControllerKind, Told } from '../../../src/controllers/controller.ts';
import { StudyJudge } from '../../../src/ranking/study-verdicts.ts';
import { usualJudge } from '../../../src/ranking/verdicts.ts';
import { MemoryLedger } from '../../../src/search/machine/ledger.ts';
import type { MachineParts, News, Step } from '../../../src/search/machine/parts.ts';
import { StudyMachine } from '../../../src/search/machine/study-machine.ts';
import type { Tokens } from '../../../src/search-space/search-space.ts';
import { Ladder, type Rung } from '../../../src/study/ladder.ts';
import { endedTrial } from '../../../src/study/trial.ts';
import type { StudyVerdicts } from '../../../src/study/verdict.ts';
import type { TrialOutcome } from '../../../src/trial/protocol.ts';
import { completeOutcome, sampleCandidate, sampleRequest } from '../../storage/samples.ts';

export const oneRung: Rung = {
  children: [{ name: 'a', steps: 10 }],
  seeds: [1],
  share: null,
  finalists: null,
  parsimony: 0,
  race: null,
  earlyStop: null,
};

/** Half of each batch goes on to a second child. */
export const twoRungs: readonly Rung[] = [
  { ...oneRung, share: 0.5 },
  {
    ...oneRung,
    children: [
      { name: 'a', steps: 10 },
      { name: 'b', steps: 10 },
    ],
  },
];

/** Proposes [1], [2], [3], … and remembers what it was told. */
export class CountingController implements Controller {
  readonly told: (readonly Told[])[] = [];
  readonly #last: number;
  #position = 0;

  constructor(last: number = Number.POSITIVE_INFINITY) {
    this.#last = last;
  }

  ask(count: number): readonly Tokens[] {
    const asked: Tokens[] = [];
    while (asked.length < count && this.#position < this.#last) asked.push([++this.#position]);
    return asked;
  }

  tell(results: readonly Told[]): void {
    this.told.push(results);
  }

  save(): Readonly<Record<string, unknown>> {
    return { position: this.#position };
  }
}

/** A ledger that also keeps the latest verdicts. */
export class JudgedLedger extends MemoryLedger {
  verdicts: StudyVerdicts | undefined;

  override recordVerdicts(verdicts: StudyVerdicts): void {
    this.verdicts = verdicts;
  }
}

export interface Toy {
  readonly machine: StudyMachine;
  readonly ledger: JudgedLedger;
  readonly news: News[];
}

export interface ToyOptions extends Partial<Pick<MachineParts, 'controller' | 'judge'>> {
  readonly rungs?: readonly Rung[];
  readonly rules?: Partial<MachineParts['rules']> & Pick<ControllerKind, 'learns'>;
}

/**
 * A machine in memory whose candidates score by the accuracy of their last trial; two baselines, ReLU and
 * Swish.
 */
export function toyMachine(options: ToyOptions = {}): Toy {
  const { rungs = [oneRung], controller = new CountingController() } = options;
  const { judge = (number) => sampleCandidate(number) } = options;
  const ledger = new JudgedLedger();
  const news: News[] = [];
  const machine = new StudyMachine({
    ledger,
    ladder: new Ladder(rungs),
    controller,
    judge,
    scoring: (trials) => {
      const failed = trials.find(({ status }) => status !== 'complete');
      const { status, reason } = failed ?? { status: 'complete', reason: null };
      const score = failed ? null : (trials.at(-1)?.validationAccuracy ?? null);
      return { status, reason, score, low: null, high: null, versusRelu: null };
    },
    judging: (blocks) => new StudyJudge(blocks, usualJudge, { validationImages: {} }),
    rules: {
      learns: false,
      overlaps: false,
      batch: 4,
      candidates: null,
      stopAtTarget: false,
      ...options.rules,
    },
    candidates: ledger.recordBatch([
      sampleCandidate(-1, { name: 'ReLU' }),
      sampleCandidate(-2, { name: 'Swish' }),
    ]),
    completedBatch: -1,
    onNews: (one) => news.push(one),
  });
  return { machine, ledger, news };
}

export type Training = Extract<Step, { kind: 'train' }>;

/** The next training; fails if something else comes next. */
export function nextTraining({ machine }: Toy): Training {
  for (;;) {
    const step = machine.step();
    if (step.kind === 'train') return step;
    if (step.kind !== 'again') throw new Error(`${step.kind} comes next, not a training`);
  }
}

/** Takes the outcome of a training: an accuracy, or how it failed. */
export function take(
  { machine }: Toy,
  { climber, trial, rung }: Training,
  outcome: number | TrialOutcome,
): void {
  const came = typeof outcome === 'number' ? completeOutcome(outcome) : outcome;
  machine.take(climber, endedTrial(climber.candidate.id, rung, sampleRequest(trial), came));
}

export function divergedOutcome(reason = 'loss is NaN'): TrialOutcome {
  const { id, seconds, steps, curve } = completeOutcome(0);
  const outcome = completeOutcome(0);
  if (outcome.status !== 'complete') throw new Error('a complete outcome is complete');
  return { status: 'diverged', id, seconds, steps, curve, reason, arithmetic: outcome.arithmetic };
}

/**
 * Runs a machine to its end, one trial after the other; `accuracy` gives each outcome. Returns the trainings.
 */
export function runToEnd(
  toy: Toy,
  accuracy: (training: Training) => number | TrialOutcome,
): readonly Training[] {
  const trainings: Training[] = [];
  for (let step = toy.machine.step(); step.kind !== 'end'; step = toy.machine.step()) {
    if (step.kind === 'wait') toy.machine.commit();
    if (step.kind !== 'train') continue;
    trainings.push(step);
    take(toy, step, accuracy(step));
  }
  toy.machine.commit();
  return trainings;
}
