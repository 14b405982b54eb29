import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { CommandRecipe } from '../../src/children/recipe.ts';
import { silentLogger } from '../../src/logger.ts';
import { type PoolOptions, WorkerPool } from '../../src/trial/pool.ts';
import type { TrialOutcome, TrialRequest } from '../../src/trial/protocol.ts';
import { tinyRequest } from './requests.ts';

const script = fileURLToPath(import.meta.resolve('./script-child.js'));

/** A training by the script for tests, which behaves as asked. */
export function commandRequest(
  behavior: string,
  recipe: Partial<CommandRecipe> = {},
  changes: Partial<TrialRequest> = {},
): TrialRequest {
  return tinyRequest({
    ...changes,
    child: 'mine',
    recipe: {
      summary: '',
      command: [process.execPath, script, behavior],
      steps: 100,
      options: {},
      once: false,
      env: {},
      tolerance: 0,
      silence: 60,
      folder: process.cwd(),
      ...recipe,
    },
    steps: 100,
  });
}

/** A shell's line as a script. */
export function shellRequest(
  line: string,
  recipe: Partial<CommandRecipe> = {},
  changes: Partial<TrialRequest> = {},
): TrialRequest {
  return commandRequest('', { command: ['sh', '-c', line], ...recipe }, changes);
}

/** A pool that ends with the test. */
export function startPool(context: TestContext, options: Partial<PoolOptions> = {}): WorkerPool {
  const pool = new WorkerPool({ workers: 1, logger: silentLogger, ...options });
  context.after(() => pool.kill());
  return pool;
}

/** The reason why a script's trial crashed. */
export async function crash(
  context: TestContext,
  request: TrialRequest,
  options: Partial<PoolOptions> = {},
): Promise<string> {
  const outcome = await startPool(context, { retries: 0, ...options }).run(request);
  assert(outcome.status === 'crashed', outcome.status);
  return outcome.reason;
}

/** An outcome that must be complete. */
export function completed(outcome: TrialOutcome): Extract<TrialOutcome, { status: 'complete' }> {
  assert(outcome.status === 'complete', 'reason' in outcome ? outcome.reason : '');
  return outcome;
}
