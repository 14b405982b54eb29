#!/usr/bin/env node
// npm run table: trains every function of the one-unit space as the quickstart's first rung does, in half an
// hour on two cores, and writes bench/tables/one-unit.csv. Started again, it goes on where it ended.
// npm run table -- FILE.yaml --study NAME --db FILE --out FILE.csv: another table. --export trains nothing.
import { requireNode } from './setup/node-version.mjs';

requireNode();
const { runAsProgram } = await import('./setup/run.mjs');
await runAsProgram(async (setUp) => {
  await setUp();
  const { fillTableCommand } = await import(
    new URL('../build/bench/tables/fill-table.js', import.meta.url).href
  );
  return fillTableCommand(process.argv.slice(2));
});
