import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ScoredSpace } from '../../src/comparison/scored-space.ts';
import { openTable, shippedTables } from '../../src/comparison/table-source.ts';
import { parse, print } from '../../src/expression/notation.ts';
import { complexity } from '../../src/expression/structure.ts';
import { projectRoot, shippedTablesFolder } from '../../src/paths.ts';
import { readSettings } from '../../src/search/read-settings.ts';
import { searchPlan } from '../../src/search/study-plan.ts';

test('the shipped table has every function of its space, one of them the paper’s best', () => {
  const { table, space } = openTable({});
  const scored = new ScoredSpace(space, table, { target: parse('x*sigmoid(beta*x)') });
  assert.equal(space.name, 'paper-subset');
  assert.equal(scored.coverage.missing.length, 0);
  assert.equal(scored.coverage.known.length, table.rows.length);
  assert.ok(scored.functions.some(({ isTarget, score }) => isTarget && score !== null));
});

for (const name of ['paper-subset', 'one-unit'] as const) {
  test(`the table ${name} says how it was made`, () => {
    const origin = JSON.parse(readFileSync(join(shippedTablesFolder, `${name}.json`), 'utf8'));
    assert.equal(origin.status, 'finished');
    assert.equal(origin.config.controller.kind, 'exhaustive');
    assert.equal(origin.config.reflections ?? 'each', openTable({ table: name }).reflections);
    assert.match(origin.gitRevision, /^[0-9a-f]{40}/);
    assert.ok(origin.versions.node && origin.arithmetics.length === 1 && origin.counts.complete > 0);
  });
}

test('the one-unit table has every function of the quickstart’s space, mirrors once, Swish among them', () => {
  const { table, space, reflections } = openTable({ table: 'one-unit' });
  assert.deepEqual([space.name, space.units, reflections], ['paper', 1, 'mirrors']);
  const scored = new ScoredSpace(space, table, { target: parse('x*sigmoid(beta*x)'), reflections });
  assert.deepEqual([scored.coverage.missing.length, scored.coverage.known.length], [0, table.rows.length]);
  assert.ok(scored.functions.filter(({ isTarget, score }) => isTarget && score !== null).length >= 2);
  assert.equal(openTable({ table: 'one-unit', reflections: 'each' }).reflections, 'each');
});

test('of all functions of its space the quickstart would train x*sigmoid(x) for long', () => {
  const { rungs } = searchPlan(readSettings(join(projectRoot, 'runs', 'quickstart.yaml'))).config;
  const { parsimony, finalists } = rungs[1] as (typeof rungs)[number];
  const best = openTable({ table: 'one-unit' })
    .table.rows.flatMap(({ expression, score }) => (score === null ? [] : [{ expression, score }]))
    .map(({ expression, score }) => ({ expression, value: score - parsimony * complexity(expression) }))
    .toSorted((a, b) => b.value - a.value)
    .slice(0, finalists ?? 0);
  assert.equal(best.findIndex(({ expression }) => print(expression) === 'sigmoid(x)*x') + 1, 10);
});

test('the study of the one-unit table trains all of its space as the quickstart does first', () => {
  const planOf = (file: string) => searchPlan(readSettings(join(projectRoot, 'runs', file)));
  const { config, space } = planOf('one-unit-table.yaml');
  const quickstart = planOf('quickstart.yaml').config;
  assert.equal(config.controller.kind, 'exhaustive');
  assert.equal(config.time, null);
  assert.ok((config.candidates ?? 0) > space.size);
  assert.equal(space.name, shippedTables['one-unit'].space);
  assert.deepEqual(config.rungs, quickstart.rungs.slice(0, 1));
  for (const key of ['space', 'units', 'reflections', 'score', 'activation', 'precision'] as const) {
    assert.deepEqual(config[key], quickstart[key], key);
  }
});
