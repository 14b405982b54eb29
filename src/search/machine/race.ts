import type { Entrant, StudyJudge } from '../../ranking/study-verdicts.ts';
import { type Ladder, seedsOfRace } from '../../study/ladder.ts';
import type { StudyVerdicts } from '../../study/verdict.ts';
import type { Climber } from './climber.ts';

/**
 * The finals as a race. All run on the first blocks. After each whole round the judge says for which
 * functions another block may decide something. These run on one more seed, and so does ReLU, with which all
 * are compared. What comes next depends on whole rounds alone, never on the order in which trials end, and
 * follows from the stored trials.
 */
export class Race {
  readonly #runners: readonly Climber[];
  readonly #judge: StudyJudge;
  readonly #ladder: Ladder;
  readonly #mostSeeds: number;
  #seeds: number;
  /** Those that run in this round; none once the race is over. */
  #running: readonly Climber[];
  #verdicts: StudyVerdicts | undefined;

  /** The runners enter the finals with this, ReLU among them. */
  constructor(runners: readonly Climber[], ladder: Ladder, judge: StudyJudge) {
    if (ladder.race === null) throw new Error('the finals of this ladder are no race');
    const { first, most } = seedsOfRace(ladder.race, ladder.rung(ladder.height).children.length);
    this.#runners = runners;
    this.#judge = judge;
    this.#ladder = ladder;
    this.#seeds = first;
    this.#mostSeeds = most;
    this.#running = runners;
    this.#grant();
  }

  /** The verdicts after the last whole round; undefined before the first. */
  get verdicts(): StudyVerdicts | undefined {
    return this.#verdicts;
  }

  /** Goes through all whole rounds; returns those that have run or are to run on further blocks since. */
  advance(): readonly Climber[] {
    const further = new Set<Climber>();
    while (this.#running.length > 0 && this.#running.every(({ missing }) => missing === undefined)) {
      const entrants = this.#runners.map((climber) => this.#entrant(climber));
      this.#verdicts = this.#judge.judge(entrants);
      this.#running = this.#seeds < this.#mostSeeds ? this.#undecided(entrants) : [];
      if (this.#running.length === 0) break;
      this.#seeds += 1;
      this.#grant();
      for (const climber of this.#running) further.add(climber);
    }
    return [...further];
  }

  #undecided(entrants: readonly Entrant[]): readonly Climber[] {
    const ids = this.#judge.undecided(entrants);
    if (ids.size === 0) return [];
    return this.#runners.filter(({ candidate: { id, number } }) => ids.has(id) || number === -1);
  }

  #grant(): void {
    const { children } = this.#ladder.rung(this.#ladder.height);
    for (const climber of this.#running) climber.grant(this.#seeds * children.length);
  }

  #entrant(climber: Climber): Entrant {
    return { candidate: climber.candidate, trials: climber.allTrialsOn(this.#ladder.height) };
  }
}
