import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { budgetsOf } from '../../src/fidelity/budgets.ts';
import type { FidelityRow } from '../../src/fidelity/fidelity-row.ts';
import { fidelityRows } from '../../src/fidelity/frontier.ts';
import { frontierChart } from '../../src/fidelity/frontier-chart.ts';
import {
  controlSentence,
  frontierMarkdown,
  goalSentence,
  selfAgreementSentences,
} from '../../src/fidelity/frontier-text.ts';
import { measureNames } from '../../src/fidelity/measures.ts';
import { openReference, publishedReference } from '../../src/fidelity/reference.ts';
import { readTrainings } from '../../src/fidelity/trainings.ts';
import { projectRoot, shippedTablesFolder } from '../../src/paths.ts';

suite('docs/fidelity.md', () => {
  const command = 'npx activation-search fidelity --all --markdown --plot docs/fidelity.svg';
  const docs = (name: string): string => readFileSync(join(projectRoot, 'docs', name), 'utf8');
  const reference = publishedReference('cifar10');
  const trainings = readTrainings(join(shippedTablesFolder, 'trainings.csv'));
  const rows = fidelityRows(trainings, reference, { measures: measureNames, combine: 1 });
  const byLosses = (all: readonly FidelityRow[], child: string, seeds: number): FidelityRow => {
    const row = all.find(
      (one) => one.measure === 'losses' && one.seeds === seeds && String(one.children) === child,
    );
    return row as FidelityRow;
  };

  test(`holds the table that ${command} prints`, () => {
    assert.ok(docs('fidelity.md').includes(command));
    assert.ok(docs('fidelity.md').endsWith(`\n\n${frontierMarkdown(rows)}`));
  });

  test('shows the plot of the same rows', () => {
    assert.equal(docs('fidelity.svg'), frontierChart(rows, reference.source));
  });

  test('holds the frontier against the long trainings that ship, and what these say of each other', () => {
    const gold = openReference('gold');
    const against = fidelityRows(trainings, gold, { measures: measureNames, combine: 1 });
    const page = docs('fidelity.md');
    assert.ok(page.includes(`\n\n${frontierMarkdown(against.filter(({ frontier }) => frontier))}\n`));
    for (const sentence of selfAgreementSentences(gold)) assert.ok(page.includes(sentence), sentence);
    for (const child of ['preact8-cifar10:2400', 'plain8-cifar10:2400']) {
      for (const seeds of [1, 3]) {
        const { tau, low, high } = byLosses(against, child, seeds).all;
        const said = `${tau.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
        assert.ok(page.includes(said), `${child}, ${seeds}: ${said}`);
      }
    }
    assert.ok(page.includes(`the best of ${against.length} rows`));
  });

  test('says what a long training takes that completes', () => {
    const gold = readTrainings(join(shippedTablesFolder, 'gold.csv'));
    for (const { label, seconds } of budgetsOf(gold, reference.functions)) {
      const said = `${Math.round(seconds as number)} s`;
      assert.ok(docs('fidelity.md').includes(said), `${label}: ${said}`);
    }
  });

  test('says what the rows say of the goal', () => {
    const best = rows.filter(({ frontier, seconds }) => frontier && (seconds as number) <= 20).at(-1);
    const { tau, low, high } = (best as FidelityRow).all;
    const figures = [tau, low, high].map((value) => value.toFixed(2));
    assert.ok(docs('fidelity.md').includes(`${figures[0]} (95%: ${figures[1]} to ${figures[2]})`));
    assert.match(goalSentence(rows, { tau: 0.8, seconds: 20 }), /not reached\. The best within that time is/);
    assert.match(goalSentence(rows, { tau: 0.6, seconds: 20 }), /: reached\./);
    assert.match(goalSentence(rows, { tau: 0.6, seconds: 1 }), /not reached.* by nearest-outputs on /);
    const untrained = (measure: string): string => {
      const { tau, low, high } = (rows.find((row) => row.measure === measure) as FidelityRow).all;
      return `${tau.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)}`.replace('-', '−');
    };
    for (const measure of ['edge-of-chaos', 'small-outputs'])
      assert.ok(docs('fidelity.md').includes(untrained(measure)), `${measure} ${untrained(measure)}`);
    assert.match(controlSentence(rows), /^Control: 0\.71 /);
    assert.equal(controlSentence(rows.filter(({ seconds }) => seconds !== 0)), '');
    const trainedRows = rows.filter(({ seconds }) => seconds !== 0);
    assert.match(goalSentence(trainedRows, { tau: 0.6, seconds: 1 }), /nothing so short was measured/);
    const few = rows.filter(({ functions, seconds }) => functions < 10 && seconds !== null);
    const most = Math.max(...few.map(({ functions }) => functions));
    assert.match(
      goalSentence(few, { tau: 0.6, seconds: 1000 }),
      new RegExp(`measured on ${most} of the reference's functions at most, which are too few`),
    );
  });
});
