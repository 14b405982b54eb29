import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../../src/paths.ts';
import { settingsSchema, settingsTable } from '../../src/search/settings-reference.ts';

test('runs/schema.json is what npm run settings writes', () => {
  const written = readFileSync(join(projectRoot, 'runs', 'schema.json'), 'utf8');
  assert.deepEqual(JSON.parse(written), JSON.parse(JSON.stringify(settingsSchema())));
});

test('docs/studies.md has the table that npm run settings writes', () => {
  const written = readFileSync(join(projectRoot, 'docs', 'studies.md'), 'utf8');
  assert.ok(written.includes(`<!-- settings: begin -->\n\n${settingsTable()}\n<!-- settings: end -->`));
});

test('the JSON Schema describes every key', () => {
  const { properties } = settingsSchema() as { properties: Record<string, { description?: string }> };
  for (const [key, { description }] of Object.entries(properties)) assert.ok(description, key);
});
