// Needs TensorFlow and real processes: trains the tiny child on synthetic data, some 15 seconds.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Database } from 'better-sqlite3';
import { sqliteDriver } from '../../../src/storage/driver.ts';
import { sampleDatabase } from '../../storage/samples.ts';
import { cli, cliInTerminal } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/temporary.ts';

test('trial list, show and replay: equal bits give 0; any difference gives 1 and says which', async (context) => {
  const file = join(temporaryFolder(context), 'test.db');
  const db = ['--db', file];
  const search = [
    'search',
    '--space',
    'small',
    '--child',
    'tiny-synthetic',
    '--candidates',
    '3',
    '--study',
    's',
  ];
  assert.equal((await cli([...search, '--quiet', ...db])).code, 0);
  const list = JSON.parse((await cli(['trial', 'list', '--json', ...db])).stdout) as {
    id: number;
    expression: string;
  }[];
  assert.equal(list.length, 12);
  const swish = list.find(({ expression }) => expression === 'x*sigmoid(beta*x)');
  const id = String(swish?.id);
  const shown = JSON.parse((await cli(['trial', 'show', id, '--json', ...db])).stdout) as {
    weightsHash: string;
    curve: unknown[];
  };
  assert.match(shown.weightsHash, /^[0-9a-f]{64}$/);
  assert.ok(shown.curve.length > 0);
  const equal = await cli(['trial', 'replay', id, '--json', ...db]);
  assert.equal(equal.code, 0, equal.stdout + equal.stderr);
  assert.equal((JSON.parse(equal.stdout) as { equal: boolean }).equal, true);

  const driver: Database = new (sqliteDriver())(file);
  driver.prepare('UPDATE trial SET weights_hash = ? WHERE id = ?').run('0'.repeat(64), Number(id));
  driver.close();
  const defect = await cli(['trial', 'replay', id, ...db]);
  assert.equal(defect.code, 1, defect.stderr);
  assert.match(
    defect.stdout,
    /differs[\s\S]*hash of the weights[\s\S]*0000[\s\S]*the arithmetic is the same/i,
  );

  const other: Database = new (sqliteDriver())(file);
  other.prepare("UPDATE arithmetic SET facts = json_set(facts, '$.node', '99.0.0')").run();
  other.close();
  const moved = await cli(['trial', 'replay', id, ...db]);
  assert.equal(moved.code, 1, moved.stderr);
  assert.match(moved.stdout, /differs from that of the stored trial[\s\S]*node[\s\S]*99\.0\.0/);
});

test('trial list shows the functions in a narrow terminal, in few lines', async (context) => {
  const db = ['--db', sampleDatabase(context, 's')];
  for (const columns of [80, 40]) {
    const { code, stdout, stderr } = await cliInTerminal(columns, ['trial', 'list', ...db]);
    assert.equal(code, 0, stderr);
    const lines = stdout.trimEnd().split('\n');
    assert.ok(lines.length <= 9 && lines.every((line) => line.length <= columns), stdout);
    assert.match(stdout, /x \* sigmoid\(beta \* x\)/);
    assert.match(stdout, /exp\(x\)/);
  }
});

test('trial without a command prints its help, and an unknown one is named', async () => {
  const bare = await cli(['trial']);
  assert.deepEqual([bare.code, bare.stderr], [0, '']);
  assert.match(bare.stdout, /list[\s\S]*show[\s\S]*replay/);
  const unknown = await cli(['trial', 'lst', '--json']);
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /unknown command "trial lst"\.\nDid you mean "list"/);
});
