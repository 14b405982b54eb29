// Needs TensorFlow, the fused kernel, real processes and a server, which it fetches. About 20 s.
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { fusedAddon } from '../../src/activation/fused-addon.ts';
import { fusedAbsence } from '../../src/activation/usual-backend.ts';
import { afterwards, testServer } from '../queue/support.ts';
import { cli, startCli } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { tinyStudy, until } from './study-support.ts';

test('a worker of a lower instruction set is refused, or let in: then baselines are trained in both', async (context) => {
  const absence = fusedAbsence();
  const lower = absence === undefined ? fusedAddon().instructionSets()[1] : undefined;
  if (lower === undefined) {
    context.skip(absence ?? 'this machine has one instruction set');
    return;
  }
  const own = await testServer(context);
  if (!own) return;
  const folder = temporaryFolder(context);
  const said: string[] = [];
  const startWorker = (env: Record<string, string>): ChildProcess => {
    const worker = startCli(['worker', '--connect', own.url, '--workers', '1'], { env });
    worker.stderr?.setEncoding('utf8').on('data', (text: string) => said.push(text));
    afterwards(context, () => worker.kill('SIGKILL'));
    return worker;
  };
  const study = (name: string, ...more: string[]) =>
    cli([
      ...tinyStudy(
        folder,
        name,
        '--activation',
        'fused',
        '--seed',
        '3',
        '--steps',
        '300',
        '--candidates',
        '4',
      ),
      ...['--connect', own.url, '--json', ...more],
    ]);
  const plain = startWorker({});
  await until(() => said.join('').includes('waiting for one'));
  const refusing = study('one');
  await until(() => said.join('').includes('works for the study'));
  startWorker({ ACTIVATION_SEARCH_ISA: lower });
  await until(() => said.join('').includes(`instructionSet (the usual one; here ${lower})`));
  assert.equal((await refusing).code, 0);
  const mixed = await study('mixed', '--arithmetic', 'any');
  assert.equal(mixed.code, 0, mixed.stderr);
  plain.kill('SIGTERM');

  const query = async (sql: string): Promise<readonly Record<string, unknown>[]> => {
    const { stdout } = await cli(['query', sql, '--db', join(folder, 'test.db'), '--json']);
    return JSON.parse(stdout);
  };
  const set = "coalesce(json_extract(arithmetic, '$.instructionSet'), 'usual')";
  const setsOf = async (which: string): Promise<readonly unknown[]> =>
    (
      await query(`SELECT DISTINCT ${set} AS sets FROM trials WHERE study = 'mixed' AND ${which} ORDER BY 1`)
    ).map(({ sets }) => sets);
  assert.deepEqual(await setsOf("name = 'ReLU'"), [lower, 'usual']);
  const proposed = await setsOf("candidate IN (SELECT id FROM candidates WHERE kind = 'proposed')");
  const swish = await setsOf("name = 'Swish'");
  assert.ok(proposed.every((one) => swish.includes(one)));
  const losses =
    "SELECT count(DISTINCT validation_loss) AS losses FROM trials WHERE study = 'mixed' AND name = 'ReLU'";
  assert.deepEqual(await query(losses), [{ losses: 2 }]);
  assert.deepEqual(await query('SELECT name, mixed FROM studies ORDER BY id'), [
    { name: 'one', mixed: 0 },
    { name: 'mixed', mixed: 1 },
  ]);
  const board = await cli(['leaderboard', '--study', 'mixed', '--db', join(folder, 'test.db')]);
  assert.match(board.stdout, /^Mixed: trained in several arithmetics/m);
  const [row] = JSON.parse(
    (await cli(['leaderboard', '--study', 'mixed', '--db', join(folder, 'test.db'), '--json'])).stdout,
  );
  assert.equal(row.mixed, true);
});

test('--arithmetic without a server says what it is for', async () => {
  const { code, stderr } = await cli(['search', '--space', 'small', '--arithmetic', 'any']);
  assert.equal(code, 2);
  assert.match(stderr, /--arithmetic says which workers of a server may train\.\n.*--connect/);
});
