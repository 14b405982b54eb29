// Needs: processes of our own build; no TensorFlow, no data.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { projectRoot } from '../../../src/paths.ts';
import { cli, command } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const folder = temporaryFolder({ after });

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function json(...args: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await cli([...args, '--json'], { cwd: folder });
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

suite('activation-search space', () => {
  test('list gives the shipped spaces, as a table and as JSON', async () => {
    const { code, stdout } = await cli(['space', 'list']);
    assert.equal(code, 0);
    assert.match(stdout, /^paper +25 +10 +1 +6,250 /m);
    const listed = (await json('space', 'list')) as unknown as { name: string; strings: number }[];
    assert.deepEqual(
      listed.map(({ name, strings }) => [name, strings]),
      [
        ['extended', 27104],
        ['paper', 6250],
        ['paper-subset', 500],
        ['small', 108],
      ],
    );
  });

  test('count gives token sequences, refused and distinct, exactly or estimated', async () => {
    const exact = await json('space', 'count', 'paper');
    assert.deepEqual(exact, {
      space: 'paper',
      units: 1,
      strings: 6250,
      refused: 1204,
      refusedByReason: { 'not-finite': 490, 'too-steep': 455, affine: 130, constant: 129 },
      distinct: 3197,
      estimated: false,
    });
    const estimated = await json('space', 'count', 'paper', '--units', '3', '--sample', '100', '--seed', '1');
    assert.equal(estimated.strings, 8_789_062_500_000);
    assert.equal(estimated.estimated, true);
    assert.equal(estimated.sampled, 100);
    const { stdout } = await cli(['space', 'count', 'small']);
    assert.match(stdout, /^token sequences +108 /m);
    assert.match(stdout, /^distinct +\d+ /m);
  });

  test('count gives a number that JSON would round as text', async () => {
    const lines = Array.from({ length: 150 }, (_, index) => `  - x^2 + ${index}`).join('\n');
    const many = file('many.yaml', `extends: paper\nunary:\n${lines}\n`);
    const count = await json('space', 'count', many, '--units', '3', '--sample', '10');
    assert.equal(count.strings, (BigInt(175 * 175 * 10) ** 3n * 36n).toString());
  });

  test('sample is reproducible and shows what would be refused', async () => {
    const args = ['space', 'sample', 'paper', '-n', '20', '--seed', '1'];
    const first = await cli(args);
    assert.equal(first.stdout, (await cli(args)).stdout);
    assert.equal(first.stdout.trimEnd().split('\n').length, 21);
    const drawn = (await json(...args)) as unknown as {
      tokens: number[];
      refused: { code: string } | null;
    }[];
    assert.equal(drawn.length, 20);
    assert.ok(drawn.every(({ tokens }) => tokens.length === 5));
    assert.ok(drawn.some(({ refused }) => refused !== null) && drawn.some(({ refused }) => refused === null));
  });

  test("check reports on a user's own file of one line, with relative paths, and ends with 0 in spite of warnings", async () => {
    file('mine.yaml', 'extends: paper\nunary: [root: sqrt(x)]\n');
    const { code, stdout } = await cli(['space', 'check', 'mine.yaml'], { cwd: folder });
    assert.equal(code, 0);
    assert.match(stdout, /sqrt\(x\) and root are the same function/);
    assert.match(stdout, /mine\.yaml:1:\d+|mine\.yaml:2:\d+: root is not finite for x < 0/);
    assert.match(
      stdout,
      /usable: 26 unary and 10 binary primitives, 6,760 token sequences of 1 core unit, \d warnings\./,
    );
    const checked = await json('space', 'check', 'mine.yaml');
    assert.equal((checked.primitives as unknown[]).length, 36);
  });

  test('check ends with 2 and the place of every mistake, or where nothing is usable', async () => {
    file('bad.yaml', 'unary:\n  - tahn(x)\nbinary:\n  - x1 + x\n');
    const bad = await cli(['space', 'check', 'bad.yaml'], { cwd: folder });
    assert.equal(bad.code, 2);
    assert.equal(bad.stdout, '');
    assert.match(bad.stderr, /bad\.yaml:2:5: unknown function "tahn"/);
    assert.match(bad.stderr, /bad\.yaml:4:10: x is not known here/);
    file('lines.yaml', 'unary: [x, 2*x]\nbinary: [x1 + x2]\n');
    const hopeless = await cli(['space', 'check', 'lines.yaml'], { cwd: folder });
    assert.equal(hopeless.code, 2);
    assert.match(hopeless.stderr, /no usable function: all 4 candidates are refused \(4 affine\)/);
  });

  test('says what is wrong with what was typed', async () => {
    const cases: [args: string[], expected: RegExp][] = [
      [['cuont', 'paper'], /unknown command "space cuont"[\s\S]*"count"/],
      [['count'], /missing required argument 'space'/],
      [['count', 'papr'], /unknown search space "papr"[\s\S]*"paper"/],
      [['count', 'no/such.yaml'], /there is no such file/],
      [['count', 'paper', '--units', '0'], /--units.*whole number from 1 to 3/],
      [['count', 'paper', '--units', '-1'], /--units/],
      [['count', 'paper', '--units', 'NaN'], /--units/],
      [['count', 'paper', '--sample', '1e99'], /--sample/],
      [['sample', 'paper', '-n', '0'], /-n, --count.*whole number/],
      [['sample', 'paper', '--sed', '1'], /unknown option '--sed'/],
      [['list', 'paper'], /too many arguments/],
    ];
    for (const [args, expected] of cases) {
      const { code, stdout, stderr } = await cli(['space', ...args]);
      assert.equal(code, 2, args.join(' '));
      assert.equal(stdout, '');
      assert.match(stderr, expected);
    }
  });

  test('schema prints the schema of space files', async () => {
    assert.equal((await cli(['space', 'schema'])).code, 0);
  });

  test('stops quietly where the reader of its output does', async () => {
    const script = `node bin/activation-search.js space sample paper -n 3000 | head -n 1`;
    const { code, stdout, stderr } = await command('bash', ['-o', 'pipefail', '-c', script], {
      cwd: projectRoot,
    });
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /^ *NUMBER/);
  });
});
