// Needs TensorFlow. About 15 s.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import type { ActivationBackend } from '../../src/activation/activation.ts';
import { fusedAbsence } from '../../src/activation/usual-backend.ts';
import type { EarlyStop, TrialRequest } from '../../src/trial/protocol.ts';
import { trainTrial } from '../../src/trial/train-trial.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { lasting, tinyRequest } from './requests.ts';

const backends: readonly ActivationBackend[] =
  fusedAbsence() === undefined ? ['composed', 'fused'] : ['composed'];

function request(changes: Partial<TrialRequest> = {}): TrialRequest {
  return tinyRequest({ child: 'tiny-constant-synthetic', expression: 'x*sigmoid(beta*x)', ...changes });
}

/** What a training gives, and what it warned of. */
async function trained(changes: Partial<TrialRequest>) {
  const warnings: string[] = [];
  const outcome = await trainTrial(request(changes), { onWarning: (text) => warnings.push(text) });
  return { outcome: lasting(outcome), warnings };
}

/** A file that a training of 30 steps has left. */
async function halfway(context: TestContext, changes: Partial<TrialRequest> = {}): Promise<string> {
  const file = join(temporaryFolder(context), 'new', 'folder', 'checkpoint');
  const { warnings } = await trained({ steps: 30, ...changes, checkpoint: { to: file } });
  assert.deepEqual(warnings, []);
  return file;
}

suite('checkpoints', () => {
  for (const activation of backends) {
    test(`${activation}: 60 steps are 30, a checkpoint and 30, bit for bit`, async (context) => {
      const file = await halfway(context, { activation });
      const whole = await trained({ activation, steps: 60 });
      assert.equal(whole.outcome.status, 'complete');
      const again = `${file}-60`;
      const parts = await trained({
        activation,
        steps: 60,
        checkpoint: { from: { file, step: 30 }, to: again },
      });
      assert.deepEqual(parts, whole);
      // And from there on.
      const from = { file: again, step: 60 };
      assert.deepEqual(
        await trained({ activation, steps: 70, checkpoint: { from } }),
        await trained({ activation, steps: 70 }),
      );
      assert.deepEqual(await trained({ activation, steps: 60, checkpoint: { from } }), whole);
    });
  }

  test('are left whole: no other file lies beside them, and leaving one changes no outcome', async (context) => {
    const file = await halfway(context);
    assert.deepEqual(readdirSync(join(file, '..')), ['checkpoint']);
    const bytes = readFileSync(file);
    const again = await trained({ steps: 30, checkpoint: { to: file } });
    assert.deepEqual(again, await trained({ steps: 30 }));
    assert.deepEqual(readFileSync(file), bytes);
  });

  test('that are damaged, missing or of another training are passed over: trained anew, with the reason', async (context) => {
    const file = await halfway(context);
    const bytes = readFileSync(file);
    const whole = await trained({ steps: 60 });
    const from = { file, step: 30 };
    const use = (changes: Partial<TrialRequest> = {}) =>
      trained({ steps: 60, checkpoint: { from }, ...changes });

    for (const [damage, reason] of [
      [bytes.subarray(0, bytes.length - 1), /checksum/],
      [bytes.subarray(0, 10), /checksum/],
      [Buffer.alloc(0), /checksum/],
      [Buffer.concat([bytes, bytes]), /checksum/],
      [flipped(bytes, 400), /checksum/],
      [flipped(bytes, bytes.length - 5), /checksum/],
    ] as const) {
      writeFileSync(file, damage);
      const { outcome, warnings } = await use();
      assert.deepEqual(outcome, whole.outcome);
      assert.match(warnings.join(), reason);
    }

    writeFileSync(file, bytes);
    for (const [changes, reason] of [
      [{ seed: 2 }, /another seed/],
      [{ expression: 'sin(beta*x)' }, /another expression/],
      [{ expression: 'x*sigmoid(beta[2]*x)' }, /another expression/],
      [{ precision: 'fast' }, /another arithmetic/],
      [{ checkpoint: { from: { file, step: 29 } } }, /of step 30, not 29/],
      [{ checkpoint: { from: { file: `${file}-none`, step: 30 } } }, /ENOENT/],
      [{ checkpoint: { from: { file: join(file, '..'), step: 30 } } }, /EISDIR/],
    ] as const) {
      const { outcome, warnings } = await use(changes);
      assert.deepEqual(outcome, (await trained({ steps: 60, ...changes, checkpoint: null })).outcome);
      assert.match(warnings.join(), reason);
    }
  });

  test('of more steps than are asked for are not used', async (context) => {
    const file = await halfway(context);
    const checkpoint = { from: { file, step: 30 } };
    assert.deepEqual(await trained({ steps: 20, checkpoint }), await trained({ steps: 20 }));
  });

  test('are neither used nor left where the rate depends on the number of steps', async (context) => {
    const file = join(temporaryFolder(context), 'checkpoint');
    const changes = { child: 'tiny-synthetic', steps: 20 };
    const { warnings } = await trained({ ...changes, checkpoint: { from: { file, step: 10 }, to: file } });
    assert.deepEqual(warnings, []);
    assert.ok(!existsSync(file));
  });

  test('that cannot be written are warned of, and the trial is complete', async (context) => {
    const file = join(temporaryFolder(context), 'checkpoint');
    mkdirSync(file);
    const { outcome, warnings } = await trained({ steps: 5, checkpoint: { to: file } });
    assert.deepEqual(outcome, (await trained({ steps: 5 })).outcome);
    assert.match(warnings.join(), /no checkpoint was left/);
    assert.deepEqual(readdirSync(join(file, '..')), ['checkpoint']);
  });
});

suite('early stopping of a training', () => {
  const never: EarlyStop = { chance: { after: 40, by: 0 }, bounds: [{ step: 40, loss: 100 }] };

  test('ends it at that step with the curve so far, and leaves no checkpoint', async (context) => {
    const to = join(temporaryFolder(context), 'checkpoint');
    const chance = { after: 25, by: 1.3 };
    const { outcome } = await trained({ steps: 60, earlyStop: { chance }, checkpoint: { to } });
    assert(outcome.status === 'stopped-early', outcome.status);
    assert.match(
      outcome.reason,
      /^training loss \d\.\d{3} at step 25 is not below chance \(1\.386 - 1\.3\)$/,
    );
    assert.equal(outcome.steps, 25);
    const whole = await trained({ steps: 60 });
    assert.deepEqual(outcome.curve.slice(0, 12), whole.outcome.curve.slice(0, 12));
    assert.equal(outcome.curve.at(-1)?.step, 25);
    assert.ok(!existsSync(to));
  });

  test('changes nothing for a training that passes', async () => {
    assert.deepEqual(await trained({ earlyStop: never }), await trained({}));
  });

  test('is the same from a checkpoint, also at a step before it', async (context) => {
    const file = await halfway(context);
    const checkpoint = { from: { file, step: 30 } };
    for (const step of [20, 30, 45]) {
      const earlyStop = { bounds: [{ step, loss: 0.001 }] };
      const anew = await trained({ earlyStop });
      assert.equal(anew.outcome.status, 'stopped-early');
      assert.equal(anew.outcome.steps, step);
      assert.deepEqual(await trained({ earlyStop, checkpoint }), anew);
    }
  });
});

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] as number) ^ 1;
  return copy;
}
