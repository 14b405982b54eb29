import type { ObjectiveRecipe } from '../children/recipe.ts';
import { ActivationSearchError } from '../errors.ts';
import { defaultDatabase } from '../paths.ts';
import { claimContinued, continuedPlan, refuseContradictions } from '../search/continue-study.ts';
import { EarlyStops } from '../search/early-stops.ts';
import type { Step } from '../search/machine/parts.ts';
import type { StudyMachine } from '../search/machine/study-machine.ts';
import { createStudy, scoringOf } from '../search/open-study.ts';
import { recipeOf } from '../search/recipes.ts';
import { restoreMachine, type StoredStudy } from '../search/restore-machine.ts';
import { StudyClock } from '../search/study-clock.ts';
import { TrialRequests } from '../search/trial-requests.ts';
import { beginHeartbeat } from '../storage/heartbeat.ts';
import { type LeaderboardRow, Store } from '../storage/store.ts';
import { Ladder } from '../study/ladder.ts';
import { endedTrial } from '../study/trial.ts';
import type { TrialRequest } from '../trial/protocol.ts';
import { ScriptTrial } from '../trial/script-trial.ts';
import { type AskedTrial, askedTrial, type TrialResult, toldOutcome } from './asked-trial.ts';
import { checkOptions, type OpenStudyOptions, objectiveName, objectivePlan } from './study-options.ts';

interface Asked {
  readonly step: Extract<Step, { kind: 'train' }>;
  readonly request: TrialRequest;
  readonly trial: ScriptTrial;
}

/**
 * Opens a study whose trials the program runs by itself: a new one, or one that exists, exactly as it was
 * left. The study is held until it is closed, or the process ends. Refuses settings that contradict a stored
 * study, and one that another process holds.
 */
export function openStudy(options: OpenStudyOptions): OpenStudy {
  checkOptions(options);
  const { study: name, database = defaultDatabase } = options;
  const { plan, changes } = objectivePlan(options);
  const store = Store.open(database);
  try {
    const stored = store.findStudy(name);
    if (!stored) return new OpenStudy(store, createStudy(store, name, plan), plan);
    refuseContradictions(stored, plan, {
      what: 'the call of openStudy',
      hint: 'Give the settings that it was begun with, or another name.',
    });
    const continued = continuedPlan(store, stored, changes);
    return new OpenStudy(store, claimContinued(store, stored, continued), continued);
  } catch (error) {
    store.close();
    throw error;
  }
}

/** A study that this program holds: it asks for trials, and is told how they ended. */
export class OpenStudy {
  readonly #held: StoredStudy;
  readonly #recipe: ObjectiveRecipe;
  readonly #machine: StudyMachine;
  readonly #clock: StudyClock;
  readonly #requests: TrialRequests;
  readonly #asked = new Map<number, Asked>();
  readonly #endHeartbeat: () => void;
  #isFinished = false;
  #isClosed = false;
  #hasFailed = false;

  /** For `openStudy`. */
  constructor(store: Store, study: StoredStudy['study'], plan: StoredStudy['plan']) {
    this.#held = { store, study, plan, scoring: scoringOf(plan.config) };
    this.#recipe = recipeOf(plan.config.recipes, objectiveName) as ObjectiveRecipe;
    this.#clock = new StudyClock(study.seconds, plan.config.time);
    const ladder = new Ladder(plan.config.rungs);
    this.#requests = new TrialRequests(
      plan.config,
      ladder,
      new EarlyStops(store, study.id, ladder),
      undefined,
    );
    this.#machine = restoreMachine(
      this.#held,
      () => this.#clock.seconds,
      () => undefined,
    );
    this.#machine.commit();
    this.#endHeartbeat = beginHeartbeat(store, study.id, {
      seconds: () => this.#clock.seconds,
      // The next ask or tell fails of the same, in the program that can do something about it.
      onFailure: () => undefined,
    });
  }

  get name(): string {
    return this.#held.study.name;
  }

  /** Whether the study has come to its end: nothing is left to be asked or told. */
  get finished(): boolean {
    return this.#isFinished;
  }

  /** How many trials were asked and are not told yet. */
  get waiting(): number {
    return this.#asked.size;
  }

  /**
   * Returns up to `count` trials to be run; ReLU's and those of other baselines come first. Returns fewer
   * where others must be told before, and none once the study has finished.
   */
  ask(count = 1): readonly AskedTrial[] {
    return this.#guarded(() => {
      const asked: AskedTrial[] = [];
      while (asked.length < count && !this.#isFinished) {
        const step = this.#machine.step(this.#clock.isUp);
        if (step.kind === 'train') asked.push(this.#hand(step));
        else if (step.kind === 'end' && this.waiting === 0) this.#finish();
        else if (step.kind !== 'again') break;
      }
      return asked;
    });
  }

  /**
   * Takes how a trial ended, and keeps it. A number is the metric that the study names, else the validation
   * accuracy; one that is not finite means that the training diverged.
   */
  tell(asked: AskedTrial | number, result: TrialResult | number): void {
    const id = typeof asked === 'number' ? asked : asked.id;
    const open = this.#asked.get(id);
    if (!open) {
      throw new ActivationSearchError('usage', `trial ${id} does not wait to be told.`, {
        hint: 'Each trial that ask returned is told once, in the program that asked for it.',
      });
    }
    const outcome = toldOutcome(open.trial, this.#recipe, result);
    this.#guarded(() => {
      const { climber, rung } = open.step;
      this.#asked.delete(id);
      this.#machine.take(climber, endedTrial(climber.candidate.id, rung, open.request, outcome));
      this.#machine.commit();
    });
  }

  /** The ranking so far, the best first. */
  leaderboard(): readonly LeaderboardRow[] {
    return this.#held.store.leaderboard(this.name);
  }

  /** Lets go of the study; trials that were asked and not told are asked again when it is opened next. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#endHeartbeat();
    const { store, study } = this.#held;
    try {
      if (this.#isFinished || this.#hasFailed) return;
      store.recordSeconds(study.id, this.#clock.seconds);
    } finally {
      store.close();
    }
  }

  #hand(step: Asked['step']): AskedTrial {
    const { candidate } = step.climber;
    const request = this.#requests.of(candidate, step.trial);
    const arithmetic = { command: { node: process.version } };
    this.#asked.set(request.id, { step, request, trial: new ScriptTrial(request, this.#recipe, arithmetic) });
    return askedTrial(request, candidate);
  }

  /** What fails leaves the study as the database has it: the next program goes on from there. */
  #guarded<T>(action: () => T): T {
    if (this.#isClosed) {
      throw new ActivationSearchError('usage', `the study "${this.name}" is closed.`, {
        hint: 'Open it again: openStudy',
      });
    }
    try {
      return action();
    } catch (error) {
      this.#hasFailed = true;
      this.close();
      throw error;
    }
  }

  #finish(): void {
    const { store, study } = this.#held;
    this.#isFinished = true;
    this.#endHeartbeat();
    this.#machine.judge();
    store.recordSeconds(study.id, this.#clock.seconds);
    store.finishStudy(study.id);
  }
}
