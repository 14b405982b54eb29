import type { Climber } from './climber.ts';
import type { AskingRules } from './proposer.ts';

/** Limits on the candidates that are begun. */
export interface Limits extends Pick<AskingRules, 'candidates'> {
  readonly stopAtTarget: boolean;
}

/** Who is trained next, and how many proposals were begun. */
export class Queue {
  readonly #limits: Limits;
  /** Their training was begun, and they lack another trial of their rung; in the order in which they came. */
  readonly #continued: Climber[] = [];
  /** Promoted to a higher rung, of which they lack trials. */
  readonly #promoted: Climber[] = [];
  /** To be begun, in the order of proposal after the baselines. */
  readonly #waiting: Climber[] = [];
  #begun = 0;
  /** Number of the first target that was begun. */
  #target = Number.POSITIVE_INFINITY;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Proposals whose training was begun, in this sitting or before. */
  get begun(): number {
    return this.#begun;
  }

  /** Whether somebody who was begun or promoted, or is a baseline, waits to be trained. */
  get isBusy(): boolean {
    const isBaseline = this.#waiting[0]?.candidate.kind === 'baseline';
    return isBaseline || this.#continued.length + this.#promoted.length > 0;
  }

  /**
   * The limit that allows no further proposal, if one is reached. Proposals before the target are begun even
   * after it: in the sitting before this one they were.
   */
  get full(): 'candidates' | 'target' | undefined {
    const { candidates, stopAtTarget } = this.#limits;
    const next = this.#waiting[0]?.candidate.number ?? Number.POSITIVE_INFINITY;
    if (stopAtTarget && this.#target < next) return 'target';
    return candidates !== null && this.#begun >= candidates ? 'candidates' : undefined;
  }

  wait(climber: Climber): void {
    this.#waiting.push(climber);
  }

  promote(climber: Climber): void {
    this.#promoted.push(climber);
  }

  goOn(climber: Climber): void {
    this.#continued.push(climber);
  }

  begin(climber: Climber): void {
    climber.begin();
    this.#begun += 1;
    const { number, target } = climber.candidate;
    if (target !== null) this.#target = Math.min(this.#target, number);
  }

  /** The next that was begun and lacks a trial of its rung. */
  takeContinued(): Climber | undefined {
    return this.#continued.shift();
  }

  /** The next that was promoted, else the next to be begun that the limits allow. */
  takeNext(): Climber | undefined {
    const promoted = this.#promoted.shift();
    if (promoted) return promoted;
    const [next] = this.#waiting;
    if (next?.candidate.kind === 'proposed') {
      if (this.full) return undefined;
      this.begin(next);
    }
    return this.#waiting.shift();
  }
}
