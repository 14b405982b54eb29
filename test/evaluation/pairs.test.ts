import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { importDataset } from '../../src/datasets/datasets.ts';
import { childrenOf } from '../../src/evaluation/contest-study.ts';
import { chosenFunctions } from '../../src/evaluation/functions.ts';
import {
  arrangedComparison,
  fewestShared,
  type PairComparison,
  refuseIncomparable,
  refuseOtherExamples,
} from '../../src/evaluation/pairs.ts';
import { readSettings } from '../../src/search/read-settings.ts';
import type { Store } from '../../src/storage/store.ts';
import { tableText, writeInto } from '../datasets/own-data.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { child, database } from './stored-studies.ts';

const wider = { ...child, model: { ...child.model, width: 16 } };
const both = ['x*tanh(x)', 'x*sigmoid(x)'];

interface Asked {
  readonly children?: readonly Record<string, unknown>[];
  readonly steps?: number;
  readonly studies?: readonly string[];
}

function compared(store: Store, { children, steps, studies }: Asked = {}): PairComparison {
  const functions = chosenFunctions(both, { database: '' });
  const given = children === undefined ? {} : { children: [...children] };
  const whole = { ...given, ...(steps === undefined ? {} : { steps }), controller: 'exhaustive' };
  const read = readSettings(undefined, { whole });
  const givenChildren = children !== undefined;
  return arrangedComparison(store, functions, { read, givenChildren, steps, studies, time: null });
}

test('on a given child the trials of its recipe count, whatever other studies have under its name', async (context) => {
  const store = await database(context, {
    old: [both, { children: [child], seeds: [1, 2] }],
    now: [both, { children: [wider], seeds: [3] }],
  });
  const comparison = compared(store, { children: [wider] });
  assert.deepEqual(comparison.stored.differences, ['mine: model.width (16 here, 8 in old)']);
  assert.deepEqual(comparison.stored.studies, ['now']);
  assert.equal(fewestShared(comparison), 1);
});

test('blocks are made with the steps that were asked for, on the children that the functions share', async (context) => {
  const store = await database(context, {
    short: [both, { steps: 5, seeds: [1] }],
    long: [both, { steps: 20, seeds: [1, 2, 3] }],
  });
  const children = (steps?: number): unknown =>
    childrenOf(compared(store, steps === undefined ? {} : { steps }).plan.config);
  assert.deepEqual(children(), [{ child: 'tiny-synthetic', steps: 20 }]);
  assert.deepEqual(children(5), [{ child: 'tiny-synthetic', steps: 5 }]);
  assert.deepEqual(children(7), [{ child: 'tiny-synthetic', steps: 7 }]);
});

/** Two studies on one data set, of which the second saw other examples. */
function onReplacedData(context: TestContext): Promise<Store> {
  const folder = temporaryFolder(context);
  process.env.ACTIVATION_SEARCH_CACHE = temporaryFolder(context);
  const own = { children: [{ ...child, dataset: 'own' }] };
  const replace = (study: string) => {
    const file = join(folder, `${study}.csv`);
    writeInto(file, tableText(study === 'first' ? 60 : 90, ['a', 'b']));
    return importDataset('own', file, { replace: true });
  };
  return database(
    context,
    { first: [both, { ...own, seeds: [1] }], second: [both, { ...own, seeds: [1, 2] }] },
    replace,
  );
}

test('trials on other examples are never compared: a child whose data were replaced is left out', async (context) => {
  const store = await onReplacedData(context);
  const all = compared(store);
  assert.deepEqual(all.stored.differences, ['mine: other examples of its data set in first than in second']);
  assert.throws(() => refuseIncomparable(all), /share no block: children differ/);
  const first = compared(store, { studies: ['first'] });
  assert.equal(fewestShared(first), 1);
  const now = compared(store, { children: [{ ...child, dataset: 'own' }] });
  assert.deepEqual(now.stored.differences, ['mine: other examples of its data set here than in first']);
  assert.equal(fewestShared(now), 2);
});

test('nothing is trained beside stored trials on other examples than those of today', async (context) => {
  const store = await onReplacedData(context);
  assert.throws(
    () => refuseOtherExamples(compared(store, { studies: ['first'] })),
    /data set of the child mine has other examples now than in the trials of first/,
  );
  refuseOtherExamples(compared(store, { studies: ['second'] }));
});
