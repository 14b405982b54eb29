import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pilotScores, pilotScoresFile } from '../../bench/tables/pilot-scores.ts';
import { ScoredSpace } from '../../src/comparison/scored-space.ts';
import { openTable, shippedTables } from '../../src/comparison/table-source.ts';
import { parse } from '../../src/expression/notation.ts';
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

test('the shipped table says how it was made', () => {
  const origin = JSON.parse(readFileSync(join(shippedTablesFolder, 'paper-subset.json'), 'utf8'));
  assert.equal(origin.status, 'finished');
  assert.equal(origin.config.controller.kind, 'exhaustive');
  assert.match(origin.gitRevision, /^[0-9a-f]{40}/);
  assert.ok(origin.versions.node && origin.arithmetics.length === 1 && origin.counts.complete > 0);
});

test('the table of the pilots is what their trainings say, and is searched with reflections once', () => {
  assert.equal(readFileSync(pilotScoresFile, 'utf8'), pilotScores());
  const { table, space, reflections } = openTable({ table: 'quickstart-200' });
  assert.deepEqual([space.name, space.units, reflections], ['paper', 1, 'once']);
  assert.ok(table.rows.length >= 1000);
  const options = { target: parse('x*sigmoid(beta*x)'), missing: 'refused' } as const;
  const scored = new ScoredSpace(space, table, { ...options, reflections });
  assert.equal(scored.coverage.known.length, table.rows.length);
  assert.ok(scored.reachable.some(({ isTarget, score }) => isTarget && score !== null));
  const each = openTable({ table: 'quickstart-200', reflections: 'each' });
  assert.equal(each.reflections, 'each');
});

test('the study file of the one-unit table asks for all of its space', () => {
  const file = join(projectRoot, 'runs', 'one-unit-table.yaml');
  const { config, space } = searchPlan(readSettings(file));
  assert.equal(config.controller.kind, 'exhaustive');
  assert.equal(config.time, null);
  assert.ok((config.candidates ?? 0) > space.size);
  assert.equal(space.name, shippedTables['one-unit'].space);
});
