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
  #targetFound = false;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Proposals whose training was begun, in this sitting or before. */
  get begun(): number {
    return this.#begun;
  }

  /** The limit that allows no further proposal, if one is reached. */
  get full(): 'candidates' | 'target' | undefined {
    const { candidates, stopAtTarget } = this.#limits;
    if (stopAtTarget && this.#targetFound) return 'target';
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
    this.#targetFound ||= climber.candidate.target !== null;
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
