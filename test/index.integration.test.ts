import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { projectRoot } from '../src/paths.ts';
import { command } from './support/cli.ts';
import { temporaryFolder } from './support/temporary.ts';

/** Compiling SQLite, where no binary is in the cache, takes minutes on a busy machine. */
const patience = { timeout: 900_000 };

suite('the package, packed and installed in an empty project', () => {
  test('sets itself up, searches, and serves programs with types', async (context) => {
    const folder = temporaryFolder(context);
    const run = async (program: string, ...args: string[]): Promise<string> => {
      const { code, stdout, stderr } = await command(program, args, { cwd: folder, ...patience });
      assert.equal(code, 0, `${program} ${args.join(' ')}\n${stdout}${stderr}`);
      return stdout;
    };

    await run('npm', 'pack', projectRoot, '--silent');
    const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) as string;
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({ name: 'user', private: true, type: 'module' }),
    );
    await run('npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund', `./${tarball}`);
    await run('npx', 'activation-search', 'setup');

    await run(
      'npx',
      'activation-search',
      'search',
      '--space',
      'small',
      ...tiny,
      '--study',
      'tiny',
      '--quiet',
    );
    assert.deepEqual(readdirSync(join(folder, 'runs')).includes('activation-search.db'), true);

    writeFileSync(join(folder, 'use.mjs'), program);
    const said = JSON.parse(await run(process.execPath, 'use.mjs'));
    assert.deepEqual(said, { slope: 0.5, same: true, strings: '6250', ranked: true, layer: 'found', own: 2 });

    writeFileSync(join(folder, 'use.ts'), typed);
    const compiler = join(projectRoot, 'node_modules', 'typescript', 'bin', 'tsc');
    const types = join(projectRoot, 'node_modules', '@types');
    const flags = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2023'];
    await run(process.execPath, compiler, ...flags, '--typeRoots', types, '--types', 'node', 'use.ts');
  });
});

const tiny = ['--child', 'tiny-synthetic', '--steps', '5', '--candidates', '3'];

const program = `
import { activationLayer, derivative, evaluate, leaderboard, loadSearchSpace, openStudy, parse, sameFunction } from 'activation-search';
const own = openStudy({ study: 'own', space: 'small', candidates: 1, baselines: false });
for (let trial; ([trial] = own.ask()) && trial; ) own.tell(trial, trial.name ? 0.5 : 0.6);
own.close();
const swish = parse('x*sigmoid(beta*x)');
console.log(JSON.stringify({
  slope: evaluate(derivative(swish, 'x'), { x: 0 }),
  same: sameFunction(swish, parse('sigmoid(beta*x)*x')),
  strings: String(loadSearchSpace('paper').size),
  ranked: leaderboard({ study: 'tiny' }).some(({ rank }) => rank === 1),
  layer: activationLayer('x*sigmoid(beta*x)', { name: 'found' }).name,
  own: leaderboard({ study: 'own' }).length,
}));`;

const typed = `
import { activationLayer, type Expression, leaderboard, parse } from 'activation-search';
const expression: Expression = parse('x');
const score: number | null | undefined = leaderboard({ study: 'tiny' })[0]?.score;
// @ts-expect-error: a formula is text
activationLayer(3);
console.log(expression, score);`;
