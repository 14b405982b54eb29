import type { Candidate } from '../../study/candidate.ts';
import type { Ladder } from '../../study/ladder.ts';
import type { EndedTrial, TrialKey } from '../../study/trial.ts';
import type { Counts } from '../events.ts';
import { Climber } from './climber.ts';
import { Finals } from './finals.ts';
import type { MachineParts, News, Step } from './parts.ts';
import { Proposer } from './proposer.ts';
import { Queue } from './queue.ts';
import { batchesOf, Roster } from './roster.ts';

/**
 * A running study: it says what comes next (`step`) and takes outcomes (`take`). Whatever it knows follows
 * from what its ledger keeps, so that a study goes on exactly after any end. Nothing in it depends on the
 * clock, on the number of workers, or on the order in which trials end.
 */
export class StudyMachine {
  readonly #parts: MachineParts;
  readonly #ladder: Ladder;
  readonly #proposer: Proposer;
  readonly #queue: Queue;
  readonly #roster: Roster;
  readonly #finals: Finals;
  /** Begun, and without a result on the rung that they are on. */
  readonly #training = new Set<Climber>();
  /** All their trials of a rung are in, but they have no result on it yet: they may lack ReLU's trials. */
  readonly #undecided = new Set<Climber>();
  /** Outcomes that are not kept yet. */
  readonly #ended: { readonly climber: Climber; readonly ended: EndedTrial }[] = [];
  readonly #news: News[] = [];

  constructor(parts: MachineParts) {
    const { controller, judge, rules, ladder, candidates, completedBatch } = parts;
    this.#parts = parts;
    this.#ladder = ladder;
    this.#proposer = new Proposer(controller, judge, rules, ladder);
    this.#queue = new Queue(rules);
    this.#roster = new Roster(ladder.height);
    this.#finals = new Finals(parts);
    for (const batch of batchesOf(candidates)) {
      const open = (batch[0] as Candidate).batch > completedBatch;
      const climbers = this.#roster.add(batch, (candidate) => this.#restore(candidate, open));
      this.#proposer.add(batch, climbers, open);
    }
  }

  get counts(): Counts {
    return this.#roster.counts;
  }

  /** All but the refused, baselines first and then in the order of proposal. */
  get candidates(): readonly Candidate[] {
    return this.#roster.candidates;
  }

  get baselinesLeft(): number {
    return this.#roster.baselinesLeft;
  }

  /** The candidate that the verdicts of this sitting recommend, if there is one. */
  get recommended(): Candidate | undefined {
    const id = this.#finals.recommended;
    return this.candidates.find((candidate) => candidate.id === id);
  }

  /** How many outcomes the next `commit` will keep. */
  get unkept(): number {
    return this.#ended.length;
  }

  /** Why no further candidate will be begun, if that is so. */
  get ended(): 'candidates' | 'target' | 'exhausted' | undefined {
    return this.#queue.full ?? (this.#proposer.exhausted ? 'exhausted' : undefined);
  }

  /** Why the study is at its end; undefined where something is left to train or to promote. */
  get atItsEnd(): StudyMachine['ended'] {
    if (this.#queue.isBusy || this.#training.size > 0 || this.#finals.areLeft) return undefined;
    return this.ended;
  }

  /**
   * What comes next. A candidate that was begun goes on before all others, then one that was promoted, then
   * the next that the study's limits allow. With `onlyContinue` nothing is begun or promoted.
   */
  step(onlyContinue = false): Step {
    const continued = this.#queue.takeContinued();
    if (continued) return this.#train(continued);
    if (onlyContinue) return { kind: 'end' };
    const next = this.#mustAsk ? undefined : this.#queue.takeNext();
    if (next) return this.#train(next);
    if (!this.#proposer.mayTell) {
      const mayPromote = this.#ladder.height > 1 && this.#training.size + this.#undecided.size > 0;
      if (this.ended && !mayPromote) return this.#beginFinals();
      if ((this.ended && !this.#mustAsk) || this.#proposer.awaitsTelling) return { kind: 'wait' };
    }
    // If the controller must be asked early, `#settle` has done so: asking here too would be one ask too
    // many.
    this.commit(() => {
      if (this.#mustAsk || !this.#proposer.mayTell) this.#ask();
    });
    return { kind: 'again' };
  }

  /** Takes the outcome of a trial that `step` returned. It is kept by the next `commit`. */
  take(climber: Climber, ended: EndedTrial): void {
    this.takeBeside(climber, ended);
    if (climber.missing) this.#queue.goOn(climber);
  }

  /** See `Roster`. */
  lackingBeside(...beside: Parameters<Roster['lackingBeside']>): readonly Climber[] {
    return this.#roster.lackingBeside(...beside);
  }

  /** Takes a trial of a baseline in a further arithmetic; one that is there already is left out. */
  takeBeside(climber: Climber, ended: EndedTrial): void {
    if (climber.hasWithin(ended.trial, ended.trial.arithmetic)) return;
    climber.add(ended.trial);
    this.#ended.push({ climber, ended });
  }

  /** Judges what this sitting has reached: few blocks decide little, and that is said. */
  judge(): void {
    this.#finals.judge(this.#roster);
  }

  /**
   * Keeps the outcomes taken so far, what `work` does, and all that follows from both. One transaction for
   * many: transactions are what costs.
   */
  commit(work: () => void = () => undefined): void {
    const ended = this.#ended.splice(0);
    this.#parts.ledger.together(() => {
      for (const one of ended) this.#keep(one.climber, one.ended);
      work();
      this.#settle();
    });
    for (const one of this.#news.splice(0)) this.#parts.onNews?.(one);
  }

  get #mustAsk(): boolean {
    return !this.#finals.begun && this.#proposer.mustAsk;
  }

  #train(climber: Climber): Step {
    const trial = climber.missing as TrialKey;
    this.#training.add(climber);
    return { kind: 'train', climber, trial, rung: this.#ladder.rungOf(trial) };
  }

  #beginFinals(): Step {
    if (!this.#finals.areLeft) return { kind: 'end' };
    this.commit(() => {
      for (const climber of this.#finals.begin(this.#roster)) this.#goOn(climber);
    });
    return { kind: 'again' };
  }

  #ask(): void {
    const asked = this.#proposer.ask(this.#queue.begun);
    if (asked.length === 0) return;
    const batch = this.#parts.ledger.recordBatch(asked, () => this.#proposer.save());
    const climbers = this.#roster.add(batch, (candidate) => new Climber(candidate, this.#ladder));
    for (const climber of climbers) this.#queue.wait(climber);
    this.#proposer.add(batch, climbers, true);
    for (const candidate of batch) {
      if (candidate.status !== 'waiting') this.#news.push({ kind: 'candidate', candidate });
    }
  }

  #keep(climber: Climber, ended: EndedTrial): void {
    const id = this.#parts.ledger.recordTrial(ended);
    this.#news.push({ kind: 'trial', id, candidate: climber.candidate, ended });
    if (climber.isUndecided) this.#undecided.add(climber);
  }

  /** Scores and promotes as far as the trials allow, then reports whole batches to the controller. */
  #settle(): void {
    this.#roster.relu.refuseFailed();
    const scored = new Set<Climber>();
    for (let promoted: readonly Climber[] | undefined; promoted?.length !== 0; ) {
      for (const climber of this.#decide()) scored.add(climber);
      promoted = [...this.#proposer.climb(this.#queue.full !== undefined), ...this.#finals.advance()];
      for (const climber of promoted) this.#goOn(climber);
    }
    for (const { candidate } of scored) this.#news.push({ kind: 'candidate', candidate });
    this.#tellWhole();
  }

  /**
   * Scores every undecided candidate on the highest rung that its trials and ReLU's decide; returns those
   * with a new result.
   */
  #decide(): readonly Climber[] {
    const { relu } = this.#roster;
    const known = relu.decided;
    const changed: Climber[] = [];
    for (const climber of this.#undecided) {
      if (climber.decided > known) continue;
      this.#undecided.delete(climber);
      const before = climber.candidate;
      if (climber.decide(relu, this.#parts.scoring)) {
        this.#roster.change(before, climber.candidate);
        changed.push(climber);
      }
      if (!climber.missing) this.#training.delete(climber);
    }
    if (changed.length > 0) this.#parts.ledger.recordResults(changed.map(({ candidate }) => candidate));
    return changed;
  }

  /** Lets one with a new goal go on, unless its trials were all made before. */
  #goOn(climber: Climber): void {
    if (climber.missing) this.#queue.promote(climber);
    if (climber.isUndecided) this.#undecided.add(climber);
  }

  /**
   * Reports whole batches to the controller, oldest first, and asks once if it must: a caller may want to
   * stop before the next ask.
   */
  #tellWhole(): void {
    while (this.#proposer.mayTell) {
      const batch = this.#proposer.tell((candidate) => this.#roster.ownerOf(candidate));
      this.#parts.ledger.completeBatch(() => this.#proposer.save());
      this.#news.push({ kind: 'told', numbers: batch.numbers });
      if (batch.kind === 'baseline' || !this.#mustAsk) continue;
      this.#ask();
      return;
    }
  }

  /**
   * A stored candidate as it stands. Those of open batches begin at the first rung again, with all their
   * stored trials: who is promoted depends on the whole batch, of which more may be begun now than before. Of
   * the others only ReLU's trials are still needed.
   */
  #restore(candidate: Candidate, open: boolean): Climber {
    if (candidate.status === 'known') return new Climber(candidate, this.#ladder);
    const read = open || candidate.number === -1;
    const trials = read ? this.#parts.ledger.trialsOf(candidate.id) : [];
    const climber = new Climber(candidate, this.#ladder, trials);
    if (open && climber.missing) this.#queue.wait(climber);
    else if (candidate.kind === 'proposed') this.#queue.begin(climber);
    if (open && climber.isUndecided) this.#undecided.add(climber);
    return climber;
  }
}
