#!/usr/bin/env node
import { existsSync } from 'node:fs';
import nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';
import { requireNode } from '../scripts/setup/node-version.mjs';

requireNode();

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

// Node from 22.1 on keeps compiled code, which shortens each start.
nodeModule.enableCompileCache?.(at('build/.compile-cache'));

const { recordFolder } = await import('../scripts/setup/paths.mjs');
if (!existsSync(at('build/src/cli/main.js')) || !existsSync(recordFolder)) {
  process.stderr.write('activation-search is not set up here yet; doing so first.\n');
  const { runAsProgram } = await import('../scripts/setup/run.mjs');
  await runAsProgram(async (setUp) => {
    await setUp();
    return 0;
  });
  if (process.exitCode) process.exit();
}

const { main } = await import('../build/src/cli/main.js');
process.exitCode = await main(process.argv.slice(2));
