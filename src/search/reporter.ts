import type { StudyRecord } from '../storage/store.ts';
import type { Candidate } from '../study/candidate.ts';
import { bestOf } from '../study/rank.ts';
import type { EndedTrial, TrialKey } from '../study/trial.ts';
import type { TrialProgress } from '../trial/job.ts';
import type { TrialOutcome } from '../trial/protocol.ts';
import { type CandidateReport, type EndReason, reportedFields, type StudyEvent } from './events.ts';
import type { News } from './machine/parts.ts';
import type { StudyMachine } from './machine/study-machine.ts';
import type { StudyPlan } from './study-plan.ts';
import { reportTarget } from './target.ts';
import { TimeLeft } from './time-left.ts';

/** Tells the outside what happens in a running study, as events. */
export class Reporter {
  readonly #study: StudyRecord;
  readonly #plan: StudyPlan;
  readonly #seconds: () => number;
  readonly #left: TimeLeft;
  readonly #onEvent: (event: StudyEvent) => void;

  /** `seconds` is the running time of the study, over all sittings. */
  constructor(
    study: StudyRecord,
    plan: StudyPlan,
    seconds: () => number,
    onEvent: (event: StudyEvent) => void,
  ) {
    this.#study = study;
    this.#plan = plan;
    this.#seconds = seconds;
    this.#left = new TimeLeft(plan.config);
    this.#onEvent = onEvent;
  }

  begin(machine: StudyMachine, resumed: boolean): void {
    const { config, space } = this.#plan;
    const target = reportTarget(config.target, machine.candidates);
    this.#onEvent({
      event: 'study',
      study: this.#study.name,
      id: this.#study.id,
      resumed,
      config,
      sequences: space.size.toString(),
      baselinesLeft: machine.baselinesLeft,
      counts: machine.counts,
      seconds: this.#seconds(),
      best: bestAndBaselines(machine.candidates).map(reportOf),
      target: target?.found.toSorted((a, b) => a.number - b.number)[0] ?? null,
    });
  }

  progress(
    machine: StudyMachine,
    { id, expression }: Candidate,
    rung: number,
    { child, seed, steps }: TrialKey,
    { step, trainingLoss }: TrialProgress,
  ): void {
    const secondsLeft = this.#left.seconds(machine.counts, this.#seconds());
    this.#onEvent({
      event: 'progress',
      candidate: id,
      expression,
      rung,
      child,
      seed,
      step,
      steps,
      trainingLoss,
      secondsLeft,
    });
  }

  /** Takes note of a trial that has just ended, for the estimate of the time that is left. */
  ended(candidate: Candidate, rung: number, trial: TrialKey, outcome: TrialOutcome): void {
    this.#left.add(rung, candidate.id, trial.steps, outcome);
  }

  /** Reports what is kept. */
  news(machine: StudyMachine, news: News): void {
    if (news.kind === 'trial') this.#trial(news.id, news.candidate, news.ended.trial);
    if (news.kind === 'candidate') this.#candidate(machine, news.candidate);
  }

  end(machine: StudyMachine, reason: EndReason): void {
    const target = reportTarget(this.#plan.config.target, machine.candidates);
    const [{ name: study }, { counts, recommended: best }] = [this.#study, machine];
    const recommended = best ? { id: best.id, number: best.number, expression: best.expression } : null;
    this.#onEvent({ event: 'end', study, reason, counts, seconds: this.#seconds(), target, recommended });
  }

  #trial(id: number, candidate: Candidate, trial: EndedTrial['trial']): void {
    const { rung, child, seed, steps, status, validationAccuracy, validationLoss, metric } = trial;
    const { seconds, reason } = trial;
    this.#onEvent({
      event: 'trial',
      id,
      candidate: candidate.id,
      number: candidate.number,
      rung,
      child,
      seed,
      steps,
      status,
      validationAccuracy,
      validationLoss,
      metric,
      seconds,
      reason,
    });
  }

  #candidate(machine: StudyMachine, candidate: Candidate): void {
    const [{ counts }, seconds] = [machine, this.#seconds()];
    const secondsLeft = this.#left.seconds(counts, seconds);
    this.#onEvent({ event: 'candidate', ...reportOf(candidate), counts, seconds, secondsLeft });
    const { id, target, number, expression, rung } = candidate;
    // One that climbs has a result on each rung; that it is the target is said once.
    if (target && rung === 1) this.#onEvent({ event: 'target', id, number, expression, match: target });
  }
}

/** The best proposals, and all baselines that have a score. */
function bestAndBaselines(candidates: readonly Candidate[]): readonly Candidate[] {
  const of = (wanted: Candidate['kind']) => candidates.filter(({ kind }) => kind === wanted);
  return [...bestOf(of('proposed'), 5), ...bestOf(of('baseline'))];
}

function reportOf(candidate: Candidate): CandidateReport {
  return Object.fromEntries(
    reportedFields.map((field) => [field, candidate[field]]),
  ) as unknown as CandidateReport;
}
