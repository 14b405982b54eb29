#!/usr/bin/env node
// npm start: set-up where needed, then the quickstart study: an unfinished one goes on, else a new one
// starts.
import { requireNode } from './setup/node-version.mjs';

requireNode();
const { runAsProgram } = await import('./setup/run.mjs');
const { projectRoot } = await import('./setup/paths.mjs');
await runAsProgram(async (setUp) => {
  await setUp();
  process.chdir(projectRoot);
  // In this process, so that the terminal, Ctrl-C and the exit code are the search's own.
  const { main } = await import(new URL('../build/src/cli/main.js', import.meta.url).href);
  return main(['search', 'runs/quickstart.yaml', '--continue', ...process.argv.slice(2)]);
});
