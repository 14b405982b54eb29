import type { StudyPlan } from '../../src/search/study-plan.ts';
import type { GivenSettings } from '../../src/search/study-settings.ts';
import { Store } from '../../src/storage/store.ts';
import { planOf } from './support.ts';

export const twoRungs: GivenSettings['rungs'] = [
  { children: ['tiny-synthetic'], steps: 20, share: 0.3 },
  { children: ['tiny-synthetic', 'tiny-resnet-synthetic'], seeds: 2 },
];
export const threeRungs: GivenSettings['rungs'] = [
  { children: ['tiny-synthetic'], steps: 20, share: 0.5 },
  { children: ['tiny-synthetic'], steps: 40, share: 0.4 },
  { children: ['tiny-synthetic', { name: 'tiny-resnet-synthetic', steps: 30 }], steps: 60, seeds: 2 },
];
export const withFinals: GivenSettings['rungs'] = [
  { children: ['tiny-synthetic'], steps: 20, share: 0.5 },
  { children: ['tiny-synthetic'], steps: 40 },
  {
    children: ['tiny-synthetic', { name: 'tiny-resnet-synthetic', steps: 30 }],
    steps: 40,
    seeds: 2,
    finalists: 3,
  },
];
/** Two rungs of finals after one that batches climb. */
export const withTwoFinals: GivenSettings['rungs'] = [
  { children: ['tiny-synthetic'], steps: 20 },
  { children: ['tiny-synthetic'], steps: 40, finalists: 6 },
  {
    children: ['tiny-synthetic', { name: 'tiny-resnet-synthetic', steps: 30 }],
    finalists: 3,
    race: { budget: 8 },
  },
];

export function ladder(input: GivenSettings = {}): StudyPlan {
  return planOf({ rungs: twoRungs, batch: 8, ...input });
}

/** Candidates of a stored study with their trials. */
export function stored(folder: string) {
  const store = Store.open(`${folder}/test.db`, { readonly: true });
  try {
    return store.candidatesOf(1).map((record) => ({ record, trials: store.trialsOf(record.id) }));
  } finally {
    store.close();
  }
}
