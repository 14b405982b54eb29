import { join } from 'node:path';
import type { StudyEvent } from '../../src/search/events.ts';
import { createStudy, scoringOf } from '../../src/search/open-study.ts';
import { readSettings } from '../../src/search/read-settings.ts';
import { runStudy, type TrialRunner } from '../../src/search/run-study.ts';
import { neverStop, type StopSignals } from '../../src/search/stop.ts';
import { formulasPlan, type StudyPlan, searchPlan, storedPlan } from '../../src/search/study-plan.ts';
import type { GivenSettings } from '../../src/search/study-settings.ts';
import { Store } from '../../src/storage/store.ts';
import { instantRunner } from './instant-runner.ts';

/**
 * A plan as `search` would make it of these settings; the small space and the two tiny children unless given.
 */
export function planOf(settings: GivenSettings = {}): StudyPlan {
  const whole = {
    space: 'small',
    ...(settings.rungs ? {} : { children: ['tiny-synthetic', 'tiny-resnet-synthetic'] }),
    workers: 2,
    ...settings,
  };
  return searchPlan(readSettings(undefined, { whole }));
}

/** A plan as `evaluate` would make it of these formulas. */
export function formulasPlanOf(formulas: readonly string[], settings: GivenSettings = {}): StudyPlan {
  const whole = { controller: 'exhaustive', children: ['tiny-synthetic'], baselines: false, ...settings };
  return formulasPlan(readSettings(undefined, { whole }), formulas);
}

export interface Sitting {
  readonly runner?: TrialRunner;
  readonly workers?: number;
  readonly stop?: StopSignals;
  readonly mixes?: boolean;
  readonly onEvent?: (event: StudyEvent) => void;
  /** Of the plan as stored makes the plan to go on with. */
  readonly change?: (plan: StudyPlan) => StudyPlan;
}

/**
 * Runs a study called `s` in the folder's database: a new one of a plan, or the stored one. Gives its events.
 */
export async function sit(
  folder: string,
  plan: StudyPlan | undefined,
  sitting: Sitting = {},
): Promise<StudyEvent[]> {
  const store = Store.open(join(folder, 'test.db'));
  const events: StudyEvent[] = [];
  try {
    const study = plan ? createStudy(store, 's', plan) : store.claimStudy('s');
    const { change = (same) => same } = sitting;
    const going = plan ?? change(storedPlan(study));
    await runStudy({
      store,
      study,
      resumed: plan === undefined,
      plan: going,
      scoring: scoringOf(going.config),
      runner: sitting.runner ?? instantRunner(),
      workers: sitting.workers ?? 2,
      stop: sitting.stop ?? neverStop,
      mixes: sitting.mixes ?? false,
      onEvent(event) {
        events.push(event);
        sitting.onEvent?.(event);
      },
    });
  } finally {
    store.close();
  }
  return events;
}

/** What must not depend on how often a study was interrupted, or on the number of workers. */
export function resultsOf(folder: string): {
  readonly leaderboard: unknown;
  readonly candidates: unknown;
  readonly trials: unknown;
} {
  const store = Store.open(join(folder, 'test.db'), { readonly: true });
  try {
    const candidates = store.candidatesOf(store.study('s').id);
    const numbers = new Map(candidates.map(({ id, number }) => [id, number]));
    return {
      leaderboard: store.leaderboard('s').map(({ id, ...row }) => ({ ...row, number: numbers.get(id) })),
      candidates: candidates.map(({ id: _, sameAs, batch: __, ...row }) => ({
        ...row,
        sameAs: sameAs === null ? null : numbers.get(sameAs),
      })),
      trials: candidates.flatMap(({ id, number }) =>
        store.trialsOf(id).map(({ child, seed, status, validationAccuracy }) => ({
          number,
          child,
          seed,
          status,
          validationAccuracy,
        })),
      ),
    };
  } finally {
    store.close();
  }
}

/** The last event. */
export function endOf(events: readonly StudyEvent[]): Extract<StudyEvent, { event: 'end' }> {
  const last = events.at(-1);
  if (last?.event !== 'end') throw new Error('the study did not end');
  return last;
}
