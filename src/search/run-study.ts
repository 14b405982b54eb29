import { beginHeartbeat } from '../storage/heartbeat.ts';
import { Ladder } from '../study/ladder.ts';
import { type EndedTrial, endedTrial, type TrialKey } from '../study/trial.ts';
import type { TrialProgress } from '../trial/job.ts';
import { NoSuchArithmetic } from '../trial/network-arithmetic.ts';
import type { Arithmetic, TrialOutcome, TrialRequest } from '../trial/protocol.ts';
import { Checkpoints } from './checkpoints.ts';
import { EarlyStops } from './early-stops.ts';
import type { EndReason, StudyEvent } from './events.ts';
import type { Climber } from './machine/climber.ts';
import type { News, Step } from './machine/parts.ts';
import type { StudyMachine } from './machine/study-machine.ts';
import { References } from './references.ts';
import { Reporter } from './reporter.ts';
import { restoreMachine, type StoredStudy } from './restore-machine.ts';
import { Moments, type StopSignals } from './stop.ts';
import { StudyClock } from './study-clock.ts';
import { TrialRequests } from './trial-requests.ts';

/** What trains: the pool of worker processes, or a queue; in benchmarks, a function that takes no time. */
export interface TrialRunner {
  /**
   * Returns an outcome however the training ends; rejects when aborted, and if trying again would not help.
   */
  run(request: TrialRequest, options: TrainingOptions): Promise<TrialOutcome>;
  /** If workers come and go: what to wait for before the next trial is handed over; undefined if nothing. */
  room?(leaving: AbortSignal): Promise<void> | undefined;
}

export interface TrainingOptions {
  readonly signal: AbortSignal;
  /** Trains in this arithmetic only; rejects with `NoSuchArithmetic` once no worker has it. */
  readonly within?: Arithmetic;
  /**
   * Aborted when this process leaves the study: `run` may then reject, with the signal's reason, a trial that
   * no worker has begun.
   */
  readonly withdraw?: AbortSignal;
  readonly onProgress: (progress: TrialProgress) => void;
}

export interface StudyRun extends StoredStudy {
  readonly resumed: boolean;
  readonly runner: TrialRunner;
  /** The most trials that are handed to the runner at a time. */
  readonly workers: number;
  /** Folder for half-trained networks of candidates that climb a ladder; without it they start anew. */
  readonly checkpoints?: string;
  readonly stop: StopSignals;
  /** Whether the runner's trainers may have several arithmetics: then baselines are trained in each. */
  readonly mixes?: boolean;
  readonly onEvent: (event: StudyEvent) => void;
}

type TrainingStep = Pick<Extract<Step, { kind: 'train' }>, 'climber' | 'trial'>;

/** How long an outcome waits for others, and for how many, to be stored in one transaction with them. */
const mostMillisecondsUnkept = 25;
const mostUnkept = 64;

/**
 * Runs a study to its end, or until it is stopped, and releases it.
 *
 * As many candidates train at a time as there are workers; the trials of each run one after the other, and
 * the first that fails ends it. Candidates are begun in the order of proposal, baselines first. So those that
 * are begun are always the beginning of a sequence that seed and controller decide, and each limit only says
 * how many:
 * - candidates: this many are begun, and those of them that are promoted climb the ladder to its end;
 * - time: none is begun or promoted after it; those begun are trained on every child of their rung;
 * - target: none is begun after the target;
 * - finals: they start after the last candidate has climbed, unless the time limit ended the study;
 * - stop: none is begun, running trials are finished; candidates may be left halfway for the next sitting.
 */
export function runStudy(run: StudyRun): Promise<EndReason> {
  return new Sitting(run).run();
}

/** One process's turn at a study: it runs the trials that the study's machine asks for, and keeps time. */
class Sitting {
  readonly #run: StudyRun;
  readonly #clock: StudyClock;
  readonly #machine: StudyMachine;
  readonly #requests: TrialRequests;
  readonly #checkpoints: Checkpoints | undefined;
  readonly #reporter: Reporter;
  readonly #references: References | undefined;
  readonly #failure = new AbortController();
  /** Trials that run are dropped. */
  readonly #dropped: AbortSignal;
  /** No trial is started any more. */
  readonly #leaving: AbortSignal;
  #keeping: NodeJS.Timeout | undefined;
  /** When outcomes are kept, or a worker has nothing left to do. */
  readonly #changes = new Moments();

  constructor(run: StudyRun) {
    const { store, study, plan, stop, checkpoints } = run;
    const ladder = new Ladder(plan.config.rungs);
    this.#run = run;
    this.#clock = new StudyClock(study.seconds, plan.config.time);
    this.#checkpoints = checkpoints === undefined ? undefined : new Checkpoints(checkpoints, plan.config);
    const earlyStops = new EarlyStops(store, study.id, ladder);
    this.#requests = new TrialRequests(plan.config, ladder, earlyStops, this.#checkpoints);
    const seconds = (): number => this.#clock.seconds;
    this.#reporter = new Reporter(study, plan, seconds, run.onEvent);
    this.#machine = restoreMachine(run, seconds, (news) => this.#onNews(news));
    if (run.mixes) this.#references = this.#createReferences();
    this.#dropped = AbortSignal.any([stop.now, this.#failure.signal]);
    this.#leaving = AbortSignal.any([stop.finish, this.#failure.signal]);
  }

  async run(): Promise<EndReason> {
    const { store, study, resumed, workers } = this.#run;
    const endHeartbeat = beginHeartbeat(store, study.id, {
      seconds: () => this.#clock.seconds,
      onFailure: (error) => this.#failure.abort(error),
    });
    try {
      this.#reporter.begin(this.#machine, resumed);
      this.#machine.commit();
      await Promise.all(Array.from({ length: workers }, () => this.#work()));
      this.#keep();
    } finally {
      endHeartbeat();
    }
    if (this.#failure.signal.aborted) throw this.#failure.signal.reason;
    return this.#end();
  }

  /** What one worker does, from the first trial to the last. */
  async #work(): Promise<void> {
    try {
      while (!this.#leaving.aborted) {
        const room = this.#run.runner.room?.(this.#leaving);
        if (room) {
          await room;
          continue;
        }
        const step = this.#machine.step(this.#clock.isUp);
        if (step.kind === 'end') break;
        if (step.kind === 'train') await this.#train(step);
        else if (step.kind === 'wait') await this.#news();
        else await this.#breathe();
      }
    } catch (error) {
      const isGivenBack = this.#leaving.aborted && error === this.#leaving.reason;
      if (!this.#dropped.aborted && !isGivenBack) this.#failure.abort(error);
    } finally {
      this.#changes.happen();
    }
  }

  async #train({ climber, trial }: TrainingStep): Promise<void> {
    const ended = await this.#ended(climber, trial);
    const { arithmetic } = ended.trial;
    const isPaired = arithmetic ? await this.#references?.complete({ climber, trial, arithmetic }) : true;
    if (isPaired === false) return this.#train({ climber, trial });
    this.#machine.take(climber, ended);
    this.#keepSoon();
    if (this.#machine.unkept < mostUnkept) return;
    this.#keep();
    await this.#breathe();
  }

  /** Has a trial trained, in any arithmetic or in that of another one. */
  async #ended({ candidate }: Climber, trial: TrialKey, within?: Arithmetic): Promise<EndedTrial> {
    const request = this.#requests.of(candidate, trial);
    const { rung = 1 } = request;
    const outcome = await this.#run.runner.run(request, {
      signal: this.#dropped,
      withdraw: this.#leaving,
      ...(within ? { within } : {}),
      onProgress: (progress) => this.#reporter.progress(this.#machine, candidate, rung, trial, progress),
    });
    this.#reporter.ended(candidate, rung, trial, outcome);
    return endedTrial(candidate.id, rung, request, outcome);
  }

  #createReferences(): References {
    return new References({
      lacking: ({ climber, trial, arithmetic }) => this.#machine.lackingBeside(climber, trial, arithmetic),
      train: (baseline, { trial, arithmetic }) =>
        this.#ended(baseline, trial, arithmetic).catch((error) => {
          if (error instanceof NoSuchArithmetic) return undefined;
          throw error;
        }),
      take: (baseline, ended) => {
        this.#machine.takeBeside(baseline, ended);
        this.#keepSoon();
      },
    });
  }

  /** Keeps what has ended, in a moment if nobody waits for it: transactions are what costs. */
  #keepSoon(): void {
    this.#keeping ??= setTimeout(() => this.#keep(), this.#changes.isAwaited ? 0 : mostMillisecondsUnkept);
  }

  /** Waits for what follows from the outcomes. */
  #news(): Promise<void> {
    if (this.#keeping) setImmediate(() => this.#keep());
    return this.#changes.next();
  }

  #keep(): void {
    clearTimeout(this.#keeping);
    this.#keeping = undefined;
    this.#guarded(() => {
      if (this.#machine.unkept > 0) this.#machine.commit();
    });
    this.#changes.happen();
  }

  /**
   * Lets signals, timers and other workers run: batches follow each other without a pause while nothing in
   * them is new.
   */
  async #breathe(): Promise<void> {
    this.#changes.happen();
    await new Promise(setImmediate);
  }

  #guarded(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#failure.abort(error);
    }
  }

  #onNews(news: News): void {
    if (news.kind === 'told') this.#checkpoints?.drop(news.numbers);
    this.#reporter.news(this.#machine, news);
  }

  #end(): EndReason {
    const { store, study, stop } = this.#run;
    const reason = stop.finish.aborted ? 'stopped' : (this.#machine.atItsEnd ?? 'time');
    this.#machine.judge();
    store.recordSeconds(study.id, this.#clock.seconds);
    if (reason === 'stopped') store.releaseStudy(study.id);
    else {
      store.finishStudy(study.id);
      this.#checkpoints?.clear();
    }
    this.#reporter.end(this.#machine, reason);
    return reason;
  }
}
