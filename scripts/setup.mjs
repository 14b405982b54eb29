#!/usr/bin/env node
// npm run setup: makes this checkout ready to run. Node built-ins only; a second run finds nothing to do.
import { requireNode } from './setup/node-version.mjs';

requireNode();
const { runAsProgram } = await import('./setup/run.mjs');
await runAsProgram(async (setUp) => {
  if (!(await setUp({ asked: true }))) process.stderr.write('set-up: everything is in place\n');
  return 0;
});
