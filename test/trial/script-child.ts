// A training script for tests, which behaves as its argument says. Started by the tool, or with `once: true`.
import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

interface Received {
  readonly kind: string;
  readonly id: number;
  readonly formula: string;
  readonly seed: number;
  readonly steps: number;
  readonly options: { readonly file?: string };
}

const behavior = process.argv[2] ?? 'good';

function say(message: object): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

function train({ id, formula, seed, steps, options: { file = '' } }: Received): void {
  const progress = (step: number, loss: number) => say({ kind: 'progress', id, step, loss });
  const outcome = (of = id) =>
    say({ kind: 'outcome', id: of, validationAccuracy: accuracyOf(formula, seed) });
  for (let step = 10; step <= steps / 2; step += 10) progress(step, 2 / step);
  if (formula === 'endless') return;
  switch (behavior) {
    case 'twice':
      outcome();
      outcome();
      return;
    case 'nan':
      process.stdout.write(`{"kind": "outcome", "id": ${id}, "validationAccuracy": NaN}\n`);
      return;
    case 'nan-loss':
      process.stdout.write(`{"kind": "progress", "id": ${id}, "step": ${steps}, "loss": NaN}\n`);
      return;
    case 'negative':
      say({ kind: 'outcome', id, validationAccuracy: 0.9, validationLoss: -0.1, metrics: { mae: 2 } });
      return;
    case 'negative-loss':
      progress(steps, -0.25);
      outcome();
      return;
    case 'percent':
      say({ kind: 'outcome', id, validationAccuracy: 93 });
      return;
    case 'metrics':
      say({ kind: 'outcome', id, metrics: { perplexity: 40 - seed }, learned: { beta: [[1.5, 0.5]] } });
      return;
    case 'another':
      outcome(id + 1000);
      return;
    case 'silent':
    case 'hangs-on-stop':
      return;
    case 'killed-once':
      if (!existsSync(file)) {
        writeFileSync(file, 'x');
        process.kill(process.pid, 'SIGKILL');
      }
      break;
    case 'throws':
      throw new Error(`no such layer for ${formula}`);
    case 'grows': {
      const hoard = Array.from({ length: 40 }, () => Buffer.alloc(10e6, 1));
      setInterval(() => progress(steps, hoard.length), 100);
      return;
    }
    case 'has-children':
      // Neither the script nor what it starts notices that its input ends.
      writeFileSync(file, `${process.pid} ${spawn('sleep', ['1000'], { stdio: 'ignore' }).pid}`);
      setInterval(() => progress(steps / 2, 1), 100);
      return;
  }
  progress(steps, 2 / steps);
  outcome();
}

/** Between 0.5 and 1, other for each function and seed. */
function accuracyOf(formula: string, seed: number): number {
  let sum = seed % 97;
  for (const letter of formula) sum = (sum * 31 + letter.charCodeAt(0)) % 9973;
  return 0.5 + sum / 20_000;
}

if (behavior === 'dies') {
  process.stderr.write('no module named torch\n');
  process.exit(3);
}
if (behavior === 'nonsense') process.stdout.write('loading {"kind": 3}\n{"kind": "hello"}\n[1, 2]\n');
else if (behavior === 'old') say({ kind: 'ready', protocol: 0 });
else say({ kind: 'ready', protocol: 1, arithmetic: { device: 'abacus', slot: process.env.SLOT ?? '' } });

process.stdout.write('Epoch 1 of 1\n');
const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const message = JSON.parse(line) as Received;
  if (message.kind === 'trial') train(message);
  if (message.kind === 'stop' && behavior !== 'hangs-on-stop') say({ kind: 'stopped', id: message.id });
});
if (behavior !== 'has-children' && behavior !== 'nonsense') lines.on('close', () => process.exit(0));
else setInterval(() => undefined, 1000);
