import { readFileSync, rmSync } from 'node:fs';
import { z } from 'zod';
import { writeWholeFile } from '../whole-file.ts';

const runningTrial = z.strictObject({
  /** Id of the candidate. */
  candidate: z.int(),
  expression: z.string(),
  child: z.string(),
  seed: z.int(),
  rung: z.int(),
  /** Steps done, of all. */
  step: z.int(),
  steps: z.int(),
  /**
   * Its curve so far, as [step, mean training loss since the point before, nats]; null where that is not
   * finite.
   */
  losses: z.array(z.tuple([z.int(), z.number().nullable()])),
});
/** A trial in training, as far as it has come. */
export type RunningTrial = z.infer<typeof runningTrial>;

/** How far a trial is, with the mean training loss since its last report, nats. */
export type TrialProgressNow = Omit<RunningTrial, 'losses'> & { readonly loss: number };

/** Milliseconds between two writes. */
const pause = 1000;
const mostLosses = 100;

/**
 * Keeps what a running study trains in a small file beside its database, for those who look on. It is
 * rewritten at most once a second and decides nothing: a disk that is full costs a picture, not the study.
 */
export class RunningTrials {
  readonly #file: string;
  readonly #trials = new Map<string, RunningTrial>();
  #written = Number.NEGATIVE_INFINITY;

  constructor(file: string) {
    this.#file = file;
  }

  /** Takes how far a trial is; one that has to start anew begins its losses anew. */
  follow({ loss, ...now }: TrialProgressNow): void {
    const before = this.#trials.get(keyOf(now));
    const losses = before && before.step <= now.step ? before.losses : [];
    const all: RunningTrial['losses'] = [...losses, [now.step, Number.isFinite(loss) ? loss : null]];
    this.#trials.set(keyOf(now), { ...now, losses: thinned(all) });
    if (performance.now() - this.#written >= pause) this.#write();
  }

  /** A trial has ended. */
  ended(trial: TrialIdentity): void {
    this.#trials.delete(keyOf(trial));
  }

  /** Nothing is trained any more. */
  end(): void {
    quietly(() => rmSync(this.#file, { force: true }));
  }

  #write(): void {
    this.#written = performance.now();
    quietly(() => writeWholeFile(this.#file, JSON.stringify([...this.#trials.values()])));
  }
}

/** What is in training by such a file; empty where there is none that can be read. */
export function readRunningTrials(file: string): readonly RunningTrial[] {
  try {
    return z.array(runningTrial).parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return [];
  }
}

type TrialIdentity = Pick<RunningTrial, 'candidate' | 'child' | 'seed' | 'steps'>;

function keyOf({ candidate, child, seed, steps }: TrialIdentity): string {
  return JSON.stringify([candidate, child, seed, steps]);
}

/** Every second of the losses where they have become many; the last one stays. */
function thinned(losses: RunningTrial['losses']): RunningTrial['losses'] {
  if (losses.length <= mostLosses) return losses;
  return losses.filter((_, index) => (losses.length - 1 - index) % 2 === 0);
}

function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // The file only shows what happens.
  }
}
