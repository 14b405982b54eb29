#!/usr/bin/env node
// npm run bench [NAME…]: runs the benches, which write their figures into bench/RESULTS.md.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { requireNode } from './setup/node-version.mjs';

requireNode();
const { join } = await import('node:path');
const { runAsProgram } = await import('./setup/run.mjs');
const { buildFolder, projectRoot } = await import('./setup/paths.mjs');

const ending = '.bench.js';

await runAsProgram(async (setUp) => {
  await setUp();
  const folder = join(buildFolder, 'bench');
  const known = readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length))
    .sort();
  const names = process.argv.length > 2 ? process.argv.slice(2) : known;
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    process.stderr.write(`error: there is no bench "${unknown}".\nKnown: ${known.join(', ')}.\n`);
    return 2;
  }
  const failed = names.filter((name) => {
    process.stderr.write(`bench ${name}\n`);
    const { status } = spawnSync(process.execPath, ['--enable-source-maps', join(folder, name + ending)], {
      cwd: projectRoot,
      stdio: 'inherit',
    });
    return status !== 0;
  });
  if (failed.length === 0) return 0;
  process.stderr.write(`bench: ${failed.join(', ')} failed or missed the goal\n`);
  return 1;
});
