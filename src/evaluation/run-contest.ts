import type { BlockTrial } from '../ranking/blocks.ts';
import { type ScoreOptions, score } from '../ranking/score.ts';
import { StudyJudge } from '../ranking/study-verdicts.ts';
import { type Competitor, usualJudge } from '../ranking/verdicts.ts';
import { recipeOf } from '../search/recipes.ts';
import type { TrialRunner } from '../search/run-study.ts';
import type { StopSignals } from '../search/stop.ts';
import type { StudyConfig } from '../search/study-config.ts';
import { beginHeartbeat } from '../storage/heartbeat.ts';
import type { Store, StudyRecord } from '../storage/store.ts';
import { type Candidate, isRelu } from '../study/candidate.ts';
import { isFailure } from '../study/statuses.ts';
import { type EndedTrial, endedTrial, isSameTrial, type Trial, type TrialKey } from '../study/trial.ts';
import type { StudyVerdicts } from '../study/verdict.ts';
import type { TrialProgress } from '../trial/job.ts';
import { type BlockRules, blockCompetitors, type ChildSteps } from './blocks.ts';
import type { Contest } from './contest.ts';
import { childrenOf, contestKind } from './contest-study.ts';

export interface ContestRun {
  readonly store: Store;
  /** Held by this process. */
  readonly study: StudyRecord;
  readonly config: StudyConfig;
  readonly scoring: ScoreOptions;
  readonly contest: Contest;
  /** Trials that other studies have made, by the candidates of this one. */
  readonly before?: ReadonlyMap<number, readonly Trial[]>;
  /** The most further blocks that each function left may get, in whole seeds; null: no limit. */
  readonly mostBlocks: number | null;
  readonly runner: TrialRunner;
  readonly stop: StopSignals;
  readonly onEvent: (event: ContestEvent) => void;
}

/** Why a contest ended: all verdicts are in, a limit, or somebody stopped it. */
export type ContestEnd = 'decided' | 'time' | 'blocks' | 'stopped';

export type ContestEvent =
  | {
      readonly event: 'progress';
      readonly candidate: Candidate;
      readonly trial: TrialKey;
      readonly progress: TrialProgress;
    }
  | { readonly event: 'trial'; readonly candidate: Candidate; readonly ended: EndedTrial }
  /** A seed was gone through: for how many functions, and for how many the next will be. */
  | {
      readonly event: 'seed';
      readonly seed: number;
      readonly trained: number;
      readonly left: number;
      readonly seconds: number;
    };

/**
 * Trains functions seed after seed until all verdicts are in, the time is up or it is stopped, and releases
 * the study. With each seed the functions that the contest asks for are trained on all children. Who they are
 * follows from the earlier seeds alone: not from the clock, the number of workers, or the order in which
 * trials end. So a contest goes on exactly after any end. Time ends it between two seeds.
 */
export function runContest(run: ContestRun): Promise<ContestEnd> {
  return new ContestSitting(run).run();
}

class ContestSitting {
  readonly #run: ContestRun;
  readonly #started = performance.now();
  readonly #rules: BlockRules;
  readonly #candidates: readonly Candidate[];
  readonly #trials: ReadonlyMap<number, BlockTrial[]>;
  readonly #failure = new AbortController();
  /** Trials that run are dropped. */
  readonly #dropped: AbortSignal;
  #requests = 0;

  constructor(run: ContestRun) {
    const { store, study, config, scoring, before, stop } = run;
    this.#run = run;
    this.#rules = { children: childrenOf(config), scoring };
    this.#candidates = store.candidatesOf(study.id);
    this.#trials = new Map(
      this.#candidates.map(({ id }) => [id, [...store.trialsOf(id), ...(before?.get(id) ?? [])]]),
    );
    this.#dropped = AbortSignal.any([stop.now, this.#failure.signal]);
  }

  async run(): Promise<ContestEnd> {
    const { store, study } = this.#run;
    const endHeartbeat = beginHeartbeat(store, study.id, {
      seconds: () => this.#seconds,
      onFailure: (error) => this.#failure.abort(error),
    });
    try {
      const end = await this.#blocks();
      if (end !== 'stopped') this.#keep();
      store.recordSeconds(study.id, this.#seconds);
      if (end === 'stopped') store.releaseStudy(study.id);
      else store.finishStudy(study.id);
      return end;
    } finally {
      endHeartbeat();
    }
  }

  async #blocks(): Promise<ContestEnd> {
    const { config, contest, mostBlocks, stop } = this.#run;
    let open = contest(this.#competitors(this.#firstSeed));
    for (let [seed, blocks] = [this.#firstSeed, 0]; open.size > 0; seed++) {
      const [missing, trained] = [this.#missing(open, seed), open.size];
      if (missing.length > 0) {
        if (mostBlocks !== null && blocks + this.#rules.children.length > mostBlocks) return 'blocks';
        if (config.time !== null && this.#seconds >= config.time) return 'time';
        await this.#train(missing);
        if (stop.finish.aborted) return 'stopped';
        blocks += this.#rules.children.length;
        this.#keep();
      }
      open = contest(this.#competitors(seed + 1));
      if (missing.length === 0) continue;
      this.#run.onEvent({ event: 'seed', seed, trained, left: open.size, seconds: this.#seconds });
    }
    return 'decided';
  }

  /** The functions with what is known before a seed: of this study only earlier seeds. */
  #competitors(seed: number): readonly Competitor[] {
    const { before } = this.#run;
    const functions = this.#candidates.map((contender) => {
      const { id } = contender;
      const earlier: readonly BlockTrial[] = before?.get(id) ?? [];
      const own = (this.#trials.get(id) ?? []).filter(
        (trial) => !earlier.includes(trial) && trial.seed >= this.#firstSeed && trial.seed < seed,
      );
      return { contender, trials: [...own, ...earlier] };
    });
    return blockCompetitors(functions, this.#rules);
  }

  #missing(open: ReadonlySet<number>, seed: number): readonly Task[] {
    return this.#candidates
      .filter(({ id }) => open.has(id))
      .flatMap((candidate) =>
        this.#rules.children
          .map((one) => ({ candidate, key: { ...one, seed } }))
          .filter((task) => !this.#isDone(task)),
      );
  }

  /** Whether a trial is there, or is not worth making because another with its seed has failed. */
  #isDone({ candidate, key }: Task): boolean {
    return (this.#trials.get(candidate.id) ?? []).some(
      (trial) =>
        isSameTrial(trial, key) ||
        (trial.seed === key.seed && isFailure(trial.status) && this.#isOfContest(trial)),
    );
  }

  #isOfContest({ child, steps }: ChildSteps): boolean {
    return this.#rules.children.some((one) => one.child === child && one.steps === steps);
  }

  async #train(tasks: readonly Task[]): Promise<void> {
    const { config, stop } = this.#run;
    const queue = [...tasks];
    const lane = async (): Promise<void> => {
      for (let task = queue.shift(); task && !stop.finish.aborted; task = queue.shift()) {
        if (!this.#isDone(task)) await this.#trainOne(task);
      }
    };
    const guarded = (): Promise<void> =>
      lane().catch((error) => {
        if (!this.#dropped.aborted) this.#failure.abort(error);
      });
    await Promise.all(Array.from({ length: config.workers }, guarded));
    if (this.#failure.signal.aborted) throw this.#failure.signal.reason;
  }

  async #trainOne({ candidate, key }: Task): Promise<void> {
    const { store, study, config, runner } = this.#run;
    this.#requests += 1;
    const { activation, precision, trialTimeLimit: timeLimit } = config;
    const request = {
      id: this.#requests,
      expression: candidate.expression,
      ...key,
      recipe: recipeOf(config.recipes, key.child),
      activation,
      precision,
      timeLimit,
    };
    const outcome = await runner.run(request, {
      signal: this.#dropped,
      onProgress: (progress) => this.#run.onEvent({ event: 'progress', candidate, trial: key, progress }),
    });
    const ended = endedTrial(candidate.id, 1, request, outcome);
    store.recordTrial(study.id, ended);
    this.#trials.get(candidate.id)?.push(ended.trial);
    this.#run.onEvent({ event: 'trial', candidate, ended });
  }

  /** Stores the scores on the blocks that functions share with ReLU, verdicts against it, and the time. */
  #keep(): void {
    const { store, study, scoring } = this.#run;
    const relu = this.#candidates.find(isRelu);
    const reference = (relu && this.#trials.get(relu.id))?.filter(({ status }) => !isFailure(status)) ?? [];
    store.together(() => {
      const results = this.#candidates.flatMap((candidate): Candidate[] => {
        const own = store.trialsOf(candidate.id);
        const shared = own.filter((trial) => reference.some((one) => isSameTrial(one, trial)));
        const counted = own.some(({ status }) => isFailure(status)) ? own : shared;
        if (counted.length === 0) return [];
        return [{ ...candidate, rung: 1, ...score(counted, store.trialsOf(relu?.id ?? 0), scoring) }];
      });
      store.recordResults(study.id, results);
      if (contestKind(study) === 'confirm') store.recordVerdicts(study.id, this.#verdicts());
      store.recordSeconds(study.id, this.#seconds);
    });
  }

  #verdicts(): StudyVerdicts {
    const entrants = this.#candidates.map((candidate) => ({
      candidate,
      trials: this.#run.store.trialsOf(candidate.id),
    }));
    const keys = entrants.flatMap(({ trials }) => trials).filter((trial) => this.#isOfContest(trial));
    const blocks = keys.filter((key, place) => keys.findIndex((one) => isSameTrial(one, key)) === place);
    const options = { ...this.#run.scoring, recommendsBaselines: true };
    return new StudyJudge(blocks, usualJudge, options).judge(entrants);
  }

  get #firstSeed(): number {
    return this.#run.config.rungs[0]?.seeds[0] ?? 1;
  }

  /** Over all sittings. */
  get #seconds(): number {
    return this.#run.study.seconds + (performance.now() - this.#started) / 1000;
  }
}

interface Task {
  readonly candidate: Candidate;
  readonly key: TrialKey;
}
