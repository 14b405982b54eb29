import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { paperTableText } from '../../src/cli/paper-table-text.ts';
import { judgedFunctions } from '../../src/evaluation/judged-study.ts';
import { type PaperTable, paperTable } from '../../src/evaluation/paper-table.ts';
import { projectRoot, shippedTablesFolder } from '../../src/paths.ts';
import { Store } from '../../src/storage/store.ts';
import { screen } from '../report/samples.ts';
import { sampleDatabase } from '../storage/samples.ts';

const child = { child: 'tiny-synthetic', steps: 10 };

function tableOf(t: { after(action: () => void): void }, split: PaperTable['split']): PaperTable {
  const store = Store.open(sampleDatabase(t, 'paper'));
  t.after(() => store.close());
  const scoring = { validationImages: { 'tiny-synthetic': 100 } };
  const functions = judgedFunctions(store, 'paper', { children: [child], scoring });
  return paperTable(store, functions, [child], { dataset: 'cifar10', split });
}

test('a function that failed is counted and named, never dropped, and is in no sign test', (t) => {
  const table = tableOf(t, 'validation');
  assert.deepEqual(
    table.rows.map(({ function: name, accuracies, runs, failed }) => [name, accuracies, runs, failed]),
    [
      ['ReLU', [81], [2], [0]],
      ['Swish', [85.5], [2], [0]],
      ['sin(x)', [81], [2], [0]],
      ['exp(x)', [null], [0], [1]],
    ],
  );
  assert.deepEqual(
    table.signTests.map(({ better, than, wins }) => [better, than, wins]),
    [
      ['Swish', 'ReLU', 1],
      ['Swish', 'sin(x)', 1],
    ],
  );
  const text = paperTableText(table, 'markdown', screen);
  assert.match(text, /^\| Swish \| 85\.5 \| undecided \| 94\.5 \| 95\.5 \| 94\.9 \|$/m);
  assert.match(text, /^\| exp\(x\) \| failed \|/m);
  assert.match(text, /^exp\(x\): 1 of 1 training failed\. /m);
  assert.match(text, /^Accuracy on the validation split of cifar10 in %, median of 0 to 2 seeds;/m);
});

test('a table of the test split holds nothing that was not measured on it', (t) => {
  const { rows, signTests } = tableOf(t, 'test');
  assert.ok(rows.every(({ accuracies }) => accuracies[0] === null));
  assert.deepEqual(signTests, []);
});

interface Training {
  readonly function: string;
  readonly child: string;
  readonly test_accuracy: string;
}

for (const name of ['paper-tables.csv', 'paper-tables-100.csv']) {
  test(`docs/comparing.md shows the medians of ${name}`, () => {
    const text = readFileSync(join(shippedTablesFolder, name), 'utf8');
    const trainings = parse(text, { columns: true }) as Training[];
    assert.equal(trainings.length, 108);
    const page = readFileSync(join(projectRoot, 'docs', 'comparing.md'), 'utf8');
    const children = new Set(trainings.map(({ child }) => child));
    for (const one of new Set(trainings.map((training) => training.function))) {
      const medians = [...children].map((child) => medianOf(trainings, one, child));
      const row = `\n| ${one} | ${medians.join(' | ')} |`;
      assert.ok(page.includes(row), row);
    }
  });
}

/** In %; a table has three trainings of each function on each child. */
function medianOf(trainings: readonly Training[], one: string, child: string): string {
  const accuracies = trainings
    .filter((training) => training.function === one && training.child === child)
    .map((training) => Number(training.test_accuracy))
    .toSorted((a, b) => a - b);
  assert.equal(accuracies.length, 3, `${one} on ${child}`);
  return (100 * (accuracies[1] as number)).toFixed(1);
}
