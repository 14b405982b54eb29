#!/usr/bin/env node
// npm run settings: writes what follows from the settings of a study (src/search/study-settings.ts):
// runs/schema.json and the table in docs/studies.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { requireNode } from './setup/node-version.mjs';

requireNode();
const { runAsProgram } = await import('./setup/run.mjs');
await runAsProgram(async (setUp) => {
  await setUp();
  const { settingsSchema, settingsTable } = await import(
    new URL('../build/src/search/settings-reference.js', import.meta.url).href
  );
  writeFileSync(
    new URL('../runs/schema.json', import.meta.url),
    `${JSON.stringify(settingsSchema(), null, 2)}\n`,
  );
  const page = new URL('../docs/studies.md', import.meta.url);
  const marks = /<!-- settings: begin -->[\s\S]*<!-- settings: end -->/;
  const table = `<!-- settings: begin -->\n\n${settingsTable()}\n<!-- settings: end -->`;
  writeFileSync(
    page,
    readFileSync(page, 'utf8').replace(marks, () => table),
  );
  return 0;
});
