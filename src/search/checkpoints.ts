import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { goesOn } from '../children/recipe.ts';
import { trialsOfRung } from '../study/ladder.ts';
import { isSameTrial, type TrialKey } from '../study/trial.ts';
import type { CheckpointFiles } from '../trial/protocol.ts';
import { recipeOf } from './recipes.ts';
import type { StudyConfig } from './study-config.ts';

/**
 * Files from which promoted candidates go on training, if the child's schedule allows it: under a constant
 * rate the first steps of a longer training are those of the shorter one. They only save time; without them
 * results are the same bits.
 */
export class Checkpoints {
  readonly #folder: string;
  /** All trials of the ladder under schedules that let a training go on. */
  readonly #trials: readonly TrialKey[];

  constructor(folder: string, { rungs, recipes }: Pick<StudyConfig, 'rungs' | 'recipes'>) {
    this.#folder = folder;
    this.#trials = rungs.flatMap(trialsOfRung).filter(({ child }) => goesOn(recipeOf(recipes, child)));
    if (this.#trials.some((trial) => this.of(1, trial))) mkdirSync(folder, { recursive: true });
  }

  /**
   * Where a trial of the candidate with that number finds and leaves its checkpoints; null if it has none.
   */
  of(number: number, trial: TrialKey): CheckpointFiles | null {
    if (!this.#trials.some((one) => isSameTrial(one, trial))) return null;
    const others = this.#trials.filter(
      ({ child: name, seed }) => name === trial.child && seed === trial.seed,
    );
    const shorter = others.filter(({ steps }) => steps < trial.steps).toSorted((a, b) => a.steps - b.steps);
    const from = shorter.at(-1);
    const longer = others.some(({ steps }) => steps > trial.steps);
    if (!from && !longer) return null;
    return {
      ...(from ? { from: { file: this.#file(number, from), step: from.steps } } : {}),
      ...(longer ? { to: this.#file(number, trial) } : {}),
    };
  }

  /** Removes the files of candidates that climb no further. */
  drop(numbers: readonly number[]): void {
    for (const number of numbers) {
      for (const trial of this.#trials) rmSync(this.#file(number, trial), { force: true });
    }
  }

  /** Removes all of them: the study has ended. */
  clear(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #file(number: number, { child: name, seed, steps }: TrialKey): string {
    return join(this.#folder, `${number}-${name}-${seed}-${steps}.checkpoint`);
  }
}
