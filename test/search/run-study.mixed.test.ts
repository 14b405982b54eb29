import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TrialRunner } from '../../src/search/run-study.ts';
import { Store } from '../../src/storage/store.ts';
import {
  isSameArithmetic,
  NoSuchArithmetic,
  networkArithmeticOf,
} from '../../src/trial/network-arithmetic.ts';
import type { Arithmetic, NetworkArithmetic, TrialOutcome } from '../../src/trial/protocol.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { instantRunner } from './instant-runner.ts';
import { planOf, sit } from './support.ts';

/** Trains in as many arithmetics as there are processors, in turn; accuracies depend on it. */
function mixedRunner(cpus: string[]): TrialRunner {
  const instant = instantRunner();
  let turn = 0;
  return {
    async run(request, options) {
      const wanted = options.within && cpuOf(options.within);
      if (wanted !== undefined && !cpus.includes(wanted)) throw new NoSuchArithmetic();
      const cpu = wanted ?? (cpus[turn++ % cpus.length] as string);
      const outcome = await instant.run(request, options);
      return within(cpu, outcome);
    },
  };
}

function cpuOf(arithmetic: Arithmetic): string | undefined {
  return networkArithmeticOf(arithmetic)?.cpu;
}

function within(cpu: string, outcome: TrialOutcome): TrialOutcome {
  if (outcome.status !== 'complete') return outcome;
  const { measures } = outcome;
  const arithmetic = { ...(outcome.arithmetic as NetworkArithmetic), cpu };
  // What is the same for all functions of an arithmetic cancels out where trials are paired within one.
  const share = cpu === 'A' ? 1 : 0.5;
  const validationAccuracy = 1 - share * (1 - (measures.validationAccuracy as number));
  return { ...outcome, arithmetic, measures: { ...measures, validationAccuracy } };
}

test('a mixed study has every trial paired within its arithmetic: scores are those of one', async (context) => {
  const [one, mixed] = [temporaryFolder(context), temporaryFolder(context)];
  const plan = () => planOf({ candidates: 12 });
  await sit(one, plan(), { runner: mixedRunner(['A']) });
  await sit(mixed, plan(), { runner: mixedRunner(['A', 'B']), mixes: true });
  const stores = [one, mixed].map((folder) => Store.open(join(folder, 'test.db')));
  context.after(() => stores.forEach((store) => void store.close()));
  const [plain, store] = stores as [Store, Store];
  const [before, after] = [plain, store].map((each) => each.leaderboard('s'));
  assert.ok(before?.every((row) => !row.mixed) && after?.every((row) => row.mixed));
  for (const [index, row] of (after ?? []).entries()) {
    assert.equal(row.expression, before?.[index]?.expression);
    assert.ok(Math.abs((row.score as number) - (before?.[index]?.score as number)) < 1e-12);
  }
  const { id } = store.study('s');
  const candidates = store.candidatesOf(id);
  const baselines = candidates.filter(({ kind }) => kind === 'baseline');
  for (const trial of candidates
    .filter(({ kind }) => kind === 'proposed')
    .flatMap((one) => store.trialsOf(one.id))) {
    for (const baseline of baselines) {
      const beside = store
        .trialsOf(baseline.id)
        .filter((other) => other.child === trial.child && other.seed === trial.seed)
        .filter(({ arithmetic }) => isSameArithmetic(arithmetic, trial.arithmetic));
      assert.equal(beside.length, 1, `${baseline.name} beside candidate ${trial.candidateId}`);
    }
  }
});

test('a trial whose arithmetic has left before its baselines were trained is trained in another', async (context) => {
  const folder = temporaryFolder(context);
  const cpus = ['A', 'B'];
  const mixed = mixedRunner(cpus);
  let trained = 0;
  const runner: TrialRunner = {
    run(request, options) {
      trained += 1;
      if (trained === 60) cpus.pop();
      return mixed.run(request, options);
    },
  };
  await sit(folder, planOf({ candidates: 12, batch: 12 }), { runner, mixes: true });
  const store = Store.open(join(folder, 'test.db'));
  context.after(() => store.close());
  assert.equal(store.leaderboard('s').filter(({ kind }) => kind === 'proposed').length, 12);
});
