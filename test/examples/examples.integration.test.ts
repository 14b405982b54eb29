// Searches with the examples in PyTorch and JAX, where `npm run test:export` has installed these. Some
// minutes.
import assert from 'node:assert/strict';
import { type ChildProcess, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { cacheFolder, projectRoot } from '../../src/paths.ts';
import { leaderboardOf, watch } from '../cli/study-support.ts';
import { cli } from '../support/cli.ts';
import { childrenOf } from '../support/processes.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** A Python that can import a module: of the virtual environment for exports, or of this machine. */
function pythonWith(module: string): string | undefined {
  const environments = join(cacheFolder(), 'export-test');
  const own = existsSync(environments) ? readdirSync(environments) : [];
  const candidates = [...own.map((name) => join(environments, name, 'bin', 'python')), 'python3'];
  return candidates.find((python) => spawnSync(python, ['-c', `import ${module}, numpy`]).status === 0);
}

/** Process ids of the scripts that the workers of a search have started. */
function scriptsOf({ pid }: ChildProcess): readonly number[] {
  const scripts = childrenOf(pid as number).flatMap(childrenOf);
  assert.ok(scripts.length > 0 || process.platform !== 'linux', 'there is no script to kill');
  return scripts;
}

const examples = [
  { name: 'pytorch', module: 'torch', options: { width: 4, miniBatch: 16 } },
  { name: 'jax', module: 'jax', options: { width: 8, depth: 2, miniBatch: 16 } },
] as const;

for (const { name, module, options } of examples) {
  const python = pythonWith(module);
  const skip = python === undefined && `no Python here can import ${module}: npm run test:export installs it`;

  test(`a search over examples/${name}, tool and script killed with -9, ends like an uninterrupted one`, {
    skip,
  }, async (context) => {
    const folder = temporaryFolder(context);
    const db = join(folder, 'test.db');
    const data = join(folder, 'data.npz');
    const exported = await cli(['data', 'export', 'synthetic', data, '--to', 'npz']);
    assert.equal(exported.code, 0, exported.stderr);
    const recipe = {
      name,
      command: [python, join(projectRoot, 'examples', name, 'train.py')],
      export: name,
      steps: 20,
      options: { ...options, data },
      env: { OMP_NUM_THREADS: '1', CUDA_VISIBLE_DEVICES: '' },
    };
    const file = join(folder, 'study.yaml');
    const keys = { space: 'small', candidates: 3, workers: 1, baselines: false, children: [recipe] };
    writeFileSync(file, JSON.stringify(keys));
    const study = (study: string) => ['search', file, '--study', study, '--db', db];
    const whole = await cli([...study('whole'), '--quiet'], { timeout: 600_000 });
    assert.equal(whole.code, 0, whole.stderr);
    let trials = 0;
    const running = watch(study('killed'), ({ event }) => {
      if (event !== 'trial') return;
      if (++trials > 1) running.process.kill('SIGKILL');
      else for (const script of scriptsOf(running.process)) process.kill(script, 'SIGKILL');
    });
    assert.equal(await running.ended, null, running.errors());
    const end = await cli(['resume', 'killed', '--db', db, '--quiet'], { timeout: 600_000 });
    assert.equal(end.code, 0, end.stderr);
    assert.equal(await leaderboardOf(folder, 'killed'), await leaderboardOf(folder, 'whole'));
    const { stdout } = await cli(['query', 'SELECT DISTINCT arithmetic FROM trials', '--db', db, '--json']);
    assert.match(stdout, new RegExp(`\\\\"${module}\\\\":`));
  });
}
