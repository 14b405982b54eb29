import type { Controller, Told } from '../controllers/controller.ts';
import { compareRank } from '../ranking/rank.ts';
import { type ScoreOptions, score } from '../ranking/score.ts';
import type { CandidateRecord, SearchState, Store, StudyRecord } from '../storage/store.ts';
import type { TrialOutcome, TrialRequest } from '../trial/protocol.ts';
import { batchesOf, type Candidate, refuseFailed, type Trial, trialOf } from './candidate.ts';
import { Classifier } from './classify.ts';
import type { Counts, TargetReport } from './events.ts';
import type { StudyPlan } from './study-plan.ts';
import { reportTarget } from './target.ts';

/** What came of an outcome. */
export interface Recorded {
  readonly trialId: number;
  readonly scored: readonly CandidateRecord[];
}

interface EndedTrial {
  readonly candidate: Candidate;
  readonly request: TrialRequest;
  readonly outcome: TrialOutcome;
  /** Whether it was the candidate's last. */
  readonly whole: boolean;
  readonly resolve: (recorded: Recorded) => void;
  readonly reject: (error: unknown) => void;
}

/** Proposals in a row without a new function after which a space counts as exhausted. */
const mostFruitless = 20_000;

/**
 * A running study in memory and in the database, both always alike. Knows the candidates that wait, in the order of
 * proposal, and the trials that each lacks; takes outcomes; scores candidates; tells the controller whole batches in the
 * order asked. Nothing in it depends on the clock, the number of workers, or the order in which trials end.
 */
export class StudyState {
  readonly #store: Store;
  readonly #study: StudyRecord;
  readonly #plan: StudyPlan;
  readonly #scoring: ScoreOptions;
  readonly #seconds: () => number;
  readonly #controller: Controller;
  readonly #classifier: Classifier;
  /** All but the refused, by id, in the order of proposal after the baselines. */
  readonly #candidates = new Map<number, Candidate>();
  readonly #relu: Candidate;
  /** To be trained, in order. */
  readonly #waiting: Candidate[] = [];
  /** All trials in, no score yet: ReLU's trials are still missing. */
  readonly #unscored = new Set<Candidate>();
  /** Outcomes not yet stored. */
  readonly #ended: EndedTrial[] = [];
  readonly #openBatches: CandidateRecord[][] = [];
  readonly #counts = {
    proposed: 0,
    evaluated: 0,
    refused: 0,
    known: 0,
    diverged: 0,
    timedOut: 0,
    crashed: 0,
  };
  /** Proposed candidates whose training was begun, in this sitting or before. */
  #begun = 0;
  #fruitless = 0;
  #exhausted = false;
  #targetFound = false;

  /** The state of a study that this process holds, new or gone on with; `seconds` is its running time. */
  constructor(
    store: Store,
    study: StudyRecord,
    plan: StudyPlan,
    scoring: ScoreOptions,
    seconds: () => number,
  ) {
    this.#store = store;
    this.#study = study;
    this.#plan = plan;
    this.#scoring = scoring;
    this.#seconds = seconds;
    this.#controller = plan.controller.restore(plan.space, study.state.controller);
    const records = store.candidatesOf(study.id);
    this.#classifier = new Classifier(plan.target, records);
    for (const members of batchesOf(records)) {
      this.#admit(members, (members[0] as CandidateRecord).batch > study.completedBatch);
    }
    const relu = [...this.#candidates.values()].find(({ record }) => record.number === -1);
    if (!relu) throw new Error(`study ${study.name} has no ReLU`);
    this.#relu = relu;
  }

  get counts(): Counts {
    return { ...this.#counts };
  }

  get exhausted(): boolean {
    return this.#exhausted;
  }

  /** Whether the limit of trials, or the target where it ends the study, lets no further candidate be begun. */
  get full(): 'trials' | 'target' | undefined {
    const { trials, stopAtTarget } = this.#plan.config;
    if (stopAtTarget && this.#targetFound) return 'target';
    return trials !== null && this.#begun >= trials ? 'trials' : undefined;
  }

  /** Whether a batch must be told before the next can be asked. */
  get awaitsTelling(): boolean {
    return this.#plan.controller.learns && this.#openBatches.some(([first]) => first?.kind === 'proposed');
  }

  /** The next candidate to train; undefined where none waits that the study's limits allow. */
  takeNext(): Candidate | undefined {
    const next = this.#waiting[0];
    if (!next) return undefined;
    if (next.record.kind === 'proposed') {
      if (this.full) return undefined;
      this.#begun += 1;
      this.#targetFound ||= next.record.target !== null;
    }
    return this.#waiting.shift();
  }

  /** Asks the controller for the next batch and stores it; gives those of it that need no training. */
  ask(): readonly CandidateRecord[] {
    const { batch, trials } = this.#plan.config;
    // One that does not learn proposes the same whatever the batches: ask for no more than can be begun.
    const room =
      trials === null || this.#plan.controller.learns ? batch : Math.min(batch, trials - this.#begun);
    const asked = this.#controller.ask(room);
    if (asked.length === 0) {
      this.#exhausted = true;
      return [];
    }
    const first = this.#counts.proposed + 1;
    const proposals = asked.map((tokens, index) =>
      this.#classifier.classify(first + index, tokens, this.#plan.expressionOf(tokens)),
    );
    return this.#commit(() => {
      const records = this.#store.recordBatch(this.#study.id, proposals, this.#searchState());
      this.#admit(records, true);
      return records.filter(({ status }) => status !== 'waiting');
    });
  }

  /** The trials that a candidate lacks, the children in the study's order; none once one has failed. */
  missingTrial(candidate: Candidate, id: number): TrialRequest | undefined {
    if (candidate.trials.some(({ status }) => status !== 'complete')) return undefined;
    const { children, seeds, activation, precision, trialTimeLimit } = this.#plan.config;
    const { expression } = candidate.record;
    for (const { name, steps } of children) {
      for (const seed of seeds) {
        if (candidate.trials.some((trial) => trial.child === name && trial.seed === seed)) continue;
        return { id, expression, child: name, seed, steps, activation, precision, timeLimit: trialTimeLimit };
      }
    }
    return undefined;
  }

  /**
   * Stores an outcome and all that follows from it; gives, once that is on disk, the trial's id and who was scored by it. The
   * candidate's next trial need not wait for it: outcomes that come meanwhile are stored in one transaction, for
   * transactions are what costs.
   */
  record(candidate: Candidate, request: TrialRequest, outcome: TrialOutcome): Promise<Recorded> {
    candidate.trials.push(trialOf(request, outcome));
    return new Promise((resolve, reject) => {
      if (this.#ended.length === 0) setImmediate(() => this.#recordEnded());
      const whole = this.missingTrial(candidate, 0) === undefined;
      this.#ended.push({ candidate, request, outcome, whole, resolve, reject });
    });
  }

  #recordEnded(): void {
    try {
      if (this.#ended.length > 0) this.#commit(() => undefined);
    } catch {
      // Whoever waits for the outcomes has been told.
    }
  }

  /** Stores the outcomes that wait, does some work and settles what follows from both, in one transaction. */
  #commit<T>(work: () => T): T {
    const ended = this.#ended.splice(0);
    try {
      const { trialIds, result, scored } = this.#store.together(() => ({
        trialIds: ended.map((one) => this.#recordTrial(one)),
        result: work(),
        scored: this.settle(),
      }));
      const last = ended.length - 1;
      const others = scored.filter(({ id }) => !ended.some(({ candidate }) => candidate.record.id === id));
      ended.forEach(({ candidate, whole, resolve }, index) => {
        const own = whole && candidate.record.status !== 'waiting' ? [candidate.record] : [];
        resolve({ trialId: trialIds[index] as number, scored: index === last ? [...own, ...others] : own });
      });
      return result;
    } catch (error) {
      for (const { reject } of ended) reject(error);
      throw error;
    }
  }

  #recordTrial({ candidate, request, outcome, whole }: EndedTrial): number {
    const candidateId = candidate.record.id;
    const id = this.#store.recordTrial(this.#study.id, { candidateId, request, outcome });
    if (whole) this.#unscored.add(candidate);
    return id;
  }

  /**
   * Scores whom it can, and tells and closes the batches that are whole, oldest first. Refuses to go on where ReLU
   * has failed: without it no score can be made.
   */
  settle(): readonly CandidateRecord[] {
    if (this.missingTrial(this.#relu, 0)) return [];
    refuseFailed(this.#relu);
    const scored = [...this.#unscored];
    this.#unscored.clear();
    const relu = this.#inOrder(this.#relu.trials);
    const results = scored.map(({ record, trials }) => ({
      candidateId: record.id,
      ...score(this.#inOrder(trials), relu, this.#scoring),
    }));
    scored.forEach((candidate, index) => {
      const { reason = null, ...result } = results[index] as (typeof results)[number];
      candidate.record = { ...candidate.record, ...result, reason };
      this.#tally(candidate.record);
    });
    if (results.length > 0) this.#store.recordResults(this.#study.id, results, this.#searchState());
    for (;;) {
      const [batch] = this.#openBatches;
      if (!batch?.every(({ id }) => this.#candidates.get(id)?.record.status !== 'waiting')) break;
      this.#openBatches.shift();
      if (batch[0]?.kind === 'proposed') this.#controller.tell(batch.map((record) => this.#told(record)));
      this.#store.completeBatch(this.#study.id, [], this.#searchState());
    }
    return scored.map(({ record }) => record);
  }

  /** Stores the running time so far. */
  saveProgress(): void {
    this.#store.recordResults(this.#study.id, [], this.#searchState());
  }

  get baselinesLeft(): number {
    return [...this.#candidates.values()].filter(
      ({ record }) => record.kind === 'baseline' && record.status === 'waiting',
    ).length;
  }

  /** The best candidates so far, baselines among them. */
  best(count: number): readonly CandidateRecord[] {
    const scored = [...this.#candidates.values()].flatMap(({ record }) =>
      record.score === null ? [] : [record],
    );
    return scored.sort(compareRank).slice(0, count);
  }

  reportTarget(): TargetReport | null {
    return reportTarget(
      this.#plan.config.target,
      [...this.#candidates.values()].map(({ record }) => record),
    );
  }

  /** One order of trials, whoever read or trained them: sums of floating-point numbers depend on it. */
  #inOrder(trials: readonly Trial[]): readonly Trial[] {
    const { children, seeds } = this.#plan.config;
    return children.flatMap(({ name }) =>
      seeds.flatMap((seed) => trials.filter((trial) => trial.child === name && trial.seed === seed)),
    );
  }

  #admit(records: readonly CandidateRecord[], open: boolean): void {
    if (open) this.#openBatches.push([...records]);
    for (const record of records) {
      if (record.kind === 'proposed') {
        this.#counts.proposed += 1;
        this.#fruitless = record.status === 'refused' || record.status === 'known' ? this.#fruitless + 1 : 0;
      }
      if (record.status === 'refused') {
        this.#counts.refused += 1;
        continue;
      }
      if (record.status === 'known') this.#counts.known += 1;
      this.#resume(record);
    }
    if (this.#fruitless >= mostFruitless) this.#exhausted = true;
  }

  /** Trials are read only of those that still need them. */
  #resume(record: CandidateRecord): void {
    const waits = record.status === 'waiting';
    const candidate = {
      record,
      trials: waits || record.number === -1 ? [...this.#store.trialsOf(record.id)] : [],
    };
    this.#candidates.set(record.id, candidate);
    if (waits && this.missingTrial(candidate, 0)) {
      this.#waiting.push(candidate);
      return;
    }
    if (waits) this.#unscored.add(candidate);
    if (record.kind === 'proposed' && record.status !== 'known') {
      this.#begun += 1;
      this.#targetFound ||= record.target !== null;
      if (!waits) this.#tally(record);
    }
  }

  #tally({ kind, status }: CandidateRecord): void {
    if (kind === 'baseline') return;
    this.#counts.evaluated += 1;
    if (status === 'diverged') this.#counts.diverged += 1;
    if (status === 'timed-out') this.#counts.timedOut += 1;
    if (status === 'crashed') this.#counts.crashed += 1;
  }

  #told({ id, tokens, status, sameAs }: CandidateRecord): Told {
    if (!tokens) throw new Error(`proposal ${id} has no tokens`);
    if (status === 'refused') return { tokens, reward: null, rung: 0, origin: 'refused' };
    const reward = this.#candidates.get(sameAs ?? id)?.record.score ?? null;
    return { tokens, reward, rung: 1, origin: sameAs === null ? 'new' : 'known' };
  }

  #searchState(): SearchState {
    return { controller: this.#controller.save(), progress: {}, seconds: this.#seconds() };
  }
}
