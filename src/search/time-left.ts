import { promotedCount, type Rung, trialsOfRung } from '../study/ladder.ts';
import type { TrialOutcome } from '../trial/protocol.ts';
import type { Counts } from './events.ts';
import type { StudyConfig } from './study-config.ts';

type Limits = Pick<StudyConfig, 'rungs' | 'candidates' | 'time' | 'workers' | 'batch'>;

type Ended = Pick<TrialOutcome, 'status' | 'seconds'>;

interface Measured {
  seconds: number;
  steps: number;
  readonly candidates: Set<number>;
  /** Candidates with a trial that failed. */
  readonly failed: Set<number>;
}

/**
 * How long a running study has still to go. With a limit of time that is what is left of it; with one of
 * candidates an estimate: candidates still to come to each rung, times the seconds that those before took
 * there.
 */
export class TimeLeft {
  readonly #limits: Limits;
  readonly #measured: readonly Measured[];

  constructor(limits: Limits) {
    this.#limits = limits;
    this.#measured = limits.rungs.map(() => ({
      seconds: 0,
      steps: 0,
      candidates: new Set(),
      failed: new Set(),
    }));
  }

  /** Takes a trial that has ended. */
  add(rung: number, candidate: number, steps: number, { status, seconds }: Ended): void {
    const measured = this.#measured[rung - 1];
    if (!measured) throw new Error(`the ladder has no rung ${rung}`);
    measured.seconds += seconds;
    measured.steps += steps;
    measured.candidates.add(candidate);
    if (status !== 'complete') measured.failed.add(candidate);
  }

  /**
   * Seconds left after `elapsed` seconds of running time; null without a limit or anything to estimate from.
   */
  seconds(counts: Counts, elapsed: number): number | null {
    const { candidates, time } = this.#limits;
    const estimates = [
      time === null ? null : Math.max(0, time - elapsed),
      candidates === null ? null : this.#untilCandidates(candidates, counts),
    ].filter((one) => one !== null);
    return estimates.length === 0 ? null : Math.min(...estimates);
  }

  #untilCandidates(candidates: number, { byRung, evaluated, proposed }: Counts): number | null {
    const { rungs, workers, batch } = this.#limits;
    // Candidates of a batch: as many as were evaluated of those proposed.
    const size = proposed === 0 ? batch : Math.max(1, Math.round((batch * evaluated) / proposed));
    let expected = candidates;
    let work = 0;
    for (const [index, { share }] of rungs.entries()) {
      const here = byRung.slice(index).reduce((sum, count) => sum + count, 0);
      const each = this.#secondsOn(index);
      if (each === null) return null;
      work += Math.max(0, expected - here) * each;
      const finalists = rungs[index + 1]?.finalists ?? null;
      if (finalists !== null) expected = Math.min(finalists, expected);
      if (share !== null) expected *= promotedCount(share, size * this.#scoredShare(index)) / size;
    }
    return work / workers;
  }

  /**
   * The share of the candidates on a rung that got a score, as only they may go on; 1 while none was there.
   */
  #scoredShare(index: number): number {
    const { candidates, failed } = this.#measured[index] as Measured;
    return candidates.size === 0 ? 1 : 1 - failed.size / candidates.size;
  }

  /**
   * Seconds a candidate takes on a rung: the mean so far, or else its steps at the pace of all trials so far.
   */
  #secondsOn(index: number): number | null {
    const measured = this.#measured[index];
    if (measured && measured.candidates.size > 0) return measured.seconds / measured.candidates.size;
    const [seconds, steps] = this.#measured.reduce(
      ([time, count], one) => [time + one.seconds, count + one.steps],
      [0, 0],
    );
    const asked = trialsOfRung(this.#limits.rungs[index] as Rung).reduce(
      (sum, trial) => sum + trial.steps,
      0,
    );
    return steps === 0 ? null : (seconds / steps) * asked;
  }
}
