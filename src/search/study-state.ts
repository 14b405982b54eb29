import type { Controller } from '../controllers/controller.ts';
import type { ScoreOptions } from '../ranking/score.ts';
import type { SearchState, Store, StudyRecord } from '../storage/store.ts';
import type { Candidate } from '../study/candidate.ts';
import { Ladder } from '../study/ladder.ts';
import { endedTrial } from '../study/trial.ts';
import type { TrialOutcome, TrialRequest } from '../trial/protocol.ts';
import { awaitsTelling, mustAsk, roomFor } from './asking.ts';
import type { Checkpoints } from './checkpoints.ts';
import { Classifier } from './classify.ts';
import {
  batchesOf,
  type Climber,
  candidateOf,
  decide,
  decidedRung,
  isBaselineLeft,
  missingTrial,
  refuseFailed,
  reluAmong,
  requestOf,
} from './climber.ts';
import { Tally } from './counts.ts';
import { EarlyStops } from './early-stops.ts';
import { acknowledge, type EndedTrial, type Recorded } from './ended-trials.ts';
import type { Counts } from './events.ts';
import { enterFinals } from './finals.ts';
import { climb, isWhole, type OpenBatch, openBatch, told } from './open-batch.ts';
import type { StudyPlan } from './study-plan.ts';

/** Proposals in a row without a new function after which a space counts as exhausted. */
const mostFruitless = 20_000;

/**
 * A running study in memory and in the database, both always alike: who waits, in the order of proposal, which trials each
 * lacks, who climbs the ladder, and the batches that the controller is told of. Nothing in it depends on the clock, the
 * number of workers, or the order in which trials end: whoever goes on with a study makes all of it again from stored trials.
 */
export class StudyState {
  readonly #store: Store;
  readonly #study: StudyRecord;
  readonly #plan: StudyPlan;
  readonly #ladder: Ladder;
  readonly #scoring: ScoreOptions;
  readonly #seconds: () => number;
  readonly #checkpoints: Checkpoints | undefined;
  readonly #earlyStops: EarlyStops;
  readonly #controller: Controller;
  readonly #classifier: Classifier;
  /** All but the refused, by id, in the order of proposal after the baselines. */
  readonly #candidates = new Map<number, Climber>();
  readonly #relu: Climber;
  /** To be trained on the first rung (baselines: on all), in order. */
  readonly #waiting: Climber[] = [];
  /** To be trained on the next rung, in order. */
  readonly #promoted: Climber[] = [];
  /** Begun, and without a result on the rung that they are on. */
  readonly #training = new Set<Climber>();
  /** All trials of a rung in, but not yet ReLU's. */
  readonly #undecided = new Set<Climber>();
  /** Outcomes not yet stored. */
  readonly #ended: EndedTrial[] = [];
  readonly #openBatches: OpenBatch[] = [];
  readonly #tally: Tally;
  /** Proposed candidates whose training was begun, in this sitting or before. */
  #begun = 0;
  #fruitless = 0;
  #inFinals = false;
  #exhausted = false;
  #targetFound = false;

  /** The state of a study that this process holds, new or gone on with; `seconds` is its running time. */
  constructor(
    store: Store,
    study: StudyRecord,
    plan: StudyPlan,
    scoring: ScoreOptions,
    seconds: () => number,
    checkpoints?: Checkpoints,
  ) {
    this.#store = store;
    this.#study = study;
    this.#plan = plan;
    this.#ladder = new Ladder(plan.config.rungs);
    this.#tally = new Tally(this.#ladder.height);
    this.#scoring = scoring;
    this.#seconds = seconds;
    this.#checkpoints = checkpoints;
    this.#earlyStops = new EarlyStops(store, study.id, plan.config.rungs);
    this.#controller = plan.controller.restore(plan.space, study.controllerState);
    const records = store.candidatesOf(study.id);
    this.#classifier = new Classifier(plan.target, records, plan.config.reflections);
    for (const members of batchesOf(records))
      this.#admit(members, (members[0] as Candidate).batch > study.completedBatch);
    this.#relu = reluAmong(this.#candidates.values());
  }

  get counts(): Counts {
    return this.#tally.counts;
  }

  get exhausted(): boolean {
    return this.#exhausted;
  }

  /** Whether the limit on candidates, or the target where it ends the study, lets no further candidate be begun. */
  get full(): 'candidates' | 'target' | undefined {
    const { candidates, stopAtTarget } = this.#plan.config;
    if (stopAtTarget && this.#targetFound) return 'target';
    return candidates !== null && this.#begun >= candidates ? 'candidates' : undefined;
  }

  /** Whether a batch must be told before the next can be asked. */
  get awaitsTelling(): boolean {
    return awaitsTelling(this.#plan, this.#openBatches);
  }

  /** Whether nothing may be begun before the controller is asked. */
  get mustAsk(): boolean {
    return !this.#exhausted && !this.#inFinals && mustAsk(this.#plan, this.#openBatches);
  }

  /** Whether what trains now may send candidates on. */
  get mayPromote(): boolean {
    return this.#ladder.height > 1 && this.#training.size + this.#undecided.size > 0;
  }

  /** The next candidate to train: one that goes on up the ladder, else the next one that the study's limits allow. */
  takeNext(): Climber | undefined {
    const promoted = this.#promoted.shift();
    if (promoted) {
      this.#training.add(promoted);
      return promoted;
    }
    const next = this.#waiting[0];
    if (!next) return undefined;
    if (next.record.kind === 'proposed') {
      if (this.full) return undefined;
      this.#begin(next);
    }
    this.#training.add(next);
    return this.#waiting.shift();
  }

  /**
   * Once nothing is left to train in batches: sends the best of them all, and the baselines, to the finals. Gives those with a
   * new result by that, whose trials are all stored already; undefined where there are no finals to begin.
   */
  beginFinals(): readonly Candidate[] | undefined {
    if (this.#inFinals || this.#ladder.finalists === null) return undefined;
    this.#inFinals = true;
    return this.#commit(() => {
      const trialsOf = (id: number) => this.#store.trialsOf(id);
      for (const one of enterFinals(this.#candidates.values(), this.#ladder, trialsOf)) this.#goOn(one);
      return [];
    });
  }

  /** Asks the controller for the next batch, after telling it of one where it may; gives those asked that need no training. */
  ask(): readonly Candidate[] {
    return this.#commit(() => (this.mustAsk || !this.mayTell ? this.#askBatch() : []));
  }

  #askBatch(): readonly Candidate[] {
    const asked = this.#controller.ask(roomFor(this.#plan, this.#begun));
    if (asked.length === 0) {
      this.#exhausted = true;
      return [];
    }
    const first = this.counts.proposed + 1;
    const proposals = asked.map((tokens, index) =>
      this.#classifier.classify(first + index, tokens, this.#plan.expressionOf(tokens)),
    );
    const records = this.#store.recordBatch(this.#study.id, proposals, this.#searchState());
    this.#admit(records, true);
    return records.filter(({ status }) => status !== 'waiting');
  }

  /** The next trial that a candidate lacks on its way to its goal; none once one has failed. */
  missingTrial(candidate: Climber, id: number): TrialRequest | undefined {
    const trial = missingTrial(candidate, this.#ladder);
    if (!trial) return undefined;
    return {
      ...requestOf(this.#plan.config, candidate, trial, id),
      earlyStop: this.#earlyStops.of(candidate, trial),
      checkpoint: this.#checkpoints?.of(candidate.record.number, trial) ?? null,
    };
  }

  /**
   * Stores an outcome and all that follows from it; gives, once that is on disk, the trial's id and who has a result by it. The
   * next trial need not wait for it: what comes meanwhile is stored in one transaction, for transactions are what costs.
   */
  record(candidate: Climber, request: TrialRequest, outcome: TrialOutcome): Promise<Recorded> {
    candidate.trials.push(endedTrial(candidate.record.id, 0, request, outcome).trial);
    return new Promise((resolve, reject) => {
      if (this.#ended.length === 0) setImmediate(() => this.#recordEnded());
      this.#ended.push({ candidate, request, outcome, resolve, reject });
    });
  }

  #recordEnded(): void {
    try {
      if (this.#ended.length > 0) this.#commit(() => []);
    } catch {} // Whoever waits for the outcomes has been told.
  }

  /**
   * Stores the outcomes that wait, does some work and settles what follows from both, in one transaction. Gives whom the
   * work gives, and those with a new result where none of the outcomes is to tell of them.
   */
  #commit(work: () => readonly Candidate[]): readonly Candidate[] {
    const ended = this.#ended.splice(0);
    try {
      const { trialIds, result, scored } = this.#store.together(() => ({
        trialIds: ended.map((one) => this.#recordTrial(one)),
        result: work(),
        scored: this.settle(),
      }));
      acknowledge(ended, trialIds, scored);
      return ended.length === 0 ? [...result, ...scored] : result;
    } catch (error) {
      for (const { reject } of ended) reject(error);
      throw error;
    }
  }

  #recordTrial({ candidate, request, outcome }: EndedTrial): number {
    const rung = this.#ladder.rungOf(request);
    const id = this.#store.recordTrial(
      this.#study.id,
      endedTrial(candidate.record.id, rung, request, outcome),
    );
    if (decidedRung(candidate, this.#ladder) > candidate.reached) this.#undecided.add(candidate);
    return id;
  }

  /**
   * Scores whom it can, sends on the best, tells of whole batches, oldest first, and asks where it must; gives those whose
   * result is new, and those asked that need no training. Refuses to go on where ReLU has failed: scores are made with it.
   */
  settle(): readonly Candidate[] {
    refuseFailed(this.#relu);
    const changed: Climber[] = [];
    for (;;) {
      changed.push(...this.#decide());
      const cut = this.full !== undefined;
      const promoted = this.#openBatches.flatMap((batch) => climb(batch, this.#ladder, cut));
      for (const candidate of promoted) this.#goOn(candidate);
      if (promoted.length === 0) break;
    }
    return [...[...new Set(changed)].map(({ record }) => record), ...this.#tellWhole()];
  }

  /** To its new goal, as far as trials lack. */
  #goOn(candidate: Climber): void {
    if (missingTrial(candidate, this.#ladder)) this.#promoted.push(candidate);
    if (decidedRung(candidate, this.#ladder) > candidate.reached) this.#undecided.add(candidate);
  }

  /** Gives each candidate its result on the highest rung that its trials, and ReLU's, decide. */
  #decide(): readonly Climber[] {
    const decided = decide(this.#undecided, this.#ladder, this.#relu, this.#scoring);
    const results: Candidate[] = [];
    for (const { candidate, before, result } of decided) {
      if (!missingTrial(candidate, this.#ladder)) this.#training.delete(candidate);
      if (!result) continue;
      this.#tally.change(before, candidate.record);
      results.push(result);
    }
    if (results.length > 0) this.#store.recordResults(this.#study.id, results);
    return decided.filter(({ result }) => result).map(({ candidate }) => candidate);
  }

  /** Whether the oldest open batch can be told: where an ask had nothing new, one batch follows the other. */
  get mayTell(): boolean {
    const [batch] = this.#openBatches;
    return batch !== undefined && isWhole(batch, this.#ladder);
  }

  /** At most one ask: whoever waits for its end may have to stop before the next. */
  #tellWhole(): readonly Candidate[] {
    const ownerOf = ({ id, sameAs }: Candidate) => (this.#candidates.get(sameAs ?? id) as Climber).record;
    while (this.mayTell) {
      const batch = this.#openBatches.shift() as OpenBatch;
      if (batch.kind === 'proposed') this.#controller.tell(told(batch, ownerOf));
      this.#store.completeBatch(this.#study.id, this.#searchState());
      this.#checkpoints?.drop(batch.records.map(({ number }) => number));
      if (batch.kind === 'proposed' && this.mustAsk) return this.#askBatch();
    }
    return [];
  }

  /** Stores the running time so far. */
  saveProgress(): void {
    this.#store.recordSeconds(this.#study.id, this.#seconds());
  }

  get baselinesLeft(): number {
    return [...this.#candidates.values()].filter(isBaselineLeft).length;
  }

  /** All but the refused, in the order of proposal after the baselines. */
  get records(): readonly Candidate[] {
    return [...this.#candidates.values()].map(({ record }) => record);
  }

  #admit(records: readonly Candidate[], open: boolean): void {
    const toTrain: Climber[] = [];
    for (const record of records) {
      this.#tally.add(record);
      if (record.kind === 'proposed') {
        this.#fruitless = record.status === 'refused' || record.status === 'known' ? this.#fruitless + 1 : 0;
      }
      if (record.status === 'refused') continue;
      const candidate = this.#restore(record, open);
      if (record.status !== 'known') toTrain.push(candidate);
    }
    if (open) this.#openBatches.push(openBatch(records, toTrain, this.#ladder));
    if (this.#fruitless >= mostFruitless) this.#exhausted = true;
  }

  /**
   * A candidate as it stands. Those of open batches begin at the first rung again, with all their stored trials: who goes on depends
   * on the whole batch, of which more may be begun now than when it was left. Others are done with; their trials are not read.
   */
  #restore(record: Candidate, open: boolean): Climber {
    const trained = record.status !== 'known';
    const read = (open && trained) || record.number === -1;
    const candidate = candidateOf(record, read ? this.#store.trialsOf(record.id) : [], this.#ladder);
    this.#candidates.set(record.id, candidate);
    if (!trained) return candidate;
    if (open && missingTrial(candidate, this.#ladder)) {
      this.#waiting.push(candidate);
    } else if (record.kind === 'proposed') this.#begin(candidate);
    if (open && decidedRung(candidate, this.#ladder) > 0) this.#undecided.add(candidate);
    return candidate;
  }

  #begin(candidate: Climber): void {
    candidate.begun = true;
    this.#begun += 1;
    this.#targetFound ||= candidate.record.target !== null;
  }

  #searchState(): SearchState {
    return { controllerState: this.#controller.save(), seconds: this.#seconds() };
  }
}
