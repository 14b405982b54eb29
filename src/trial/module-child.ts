import { createInterface } from 'node:readline';
import { setImmediate } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { ActivationBackend } from '../activation/activation.ts';
import { activationLayer } from '../activation/activation-layer.ts';
import { Random } from '../random.ts';
import { tensorflowVersion, tfjs } from '../tensorflow.ts';
import { type ChildFunction, type ModuleTrial, trainModule } from './module-training.ts';
import { type FromScript, type ScriptRequest, scriptProtocol, type ToScript } from './script-lines.ts';

// The program that trains a child written in JavaScript, started by script.ts with the module's file, the
// name of its function, and the study's settings of arithmetic. It speaks the protocol of scripts. An error
// ends it, and is its last words.

/** Thrown where a training learns that it is to be given up. */
class Stopped extends Error {}

const [file, name, activation, precision] = process.argv.slice(2) as [
  file: string,
  name: string,
  activation: ActivationBackend,
  precision: string,
];
const stopped = new Set<number>();

try {
  const child = await childFunction();
  const tf = tfjs();
  const arithmetic = { node: process.version, tensorflow: tensorflowVersion(), activation, precision };
  say({ kind: 'ready', protocol: scriptProtocol, arithmetic });
  let training = Promise.resolve();
  createInterface({ input: process.stdin })
    .on('line', (line) => {
      const message = JSON.parse(line) as ToScript;
      if (message.kind === 'stop') stopped.add(message.id);
      if (message.kind === 'shutdown') process.exit(0);
      if (message.kind === 'trial') training = training.then(() => serve(child, tf, message)).catch(fail);
    })
    // The tool has ended: nothing waits for an outcome any more.
    .on('close', () => process.exit(0));
} catch (error) {
  fail(error);
}

async function childFunction(): Promise<ChildFunction> {
  const module = (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>;
  const child = module[name];
  if (typeof child === 'function') return child as ChildFunction;
  const wanted = name === 'default' ? 'have a function as its default export' : `export a function "${name}"`;
  const has = Object.keys(module).join(', ') || 'nothing';
  throw new TypeError(`${file} must ${wanted}; it exports ${has}.`);
}

async function serve(child: ChildFunction, tf: ModuleTrial['tf'], request: ScriptRequest): Promise<void> {
  const { id, formula, seed, steps, rung, options } = request;
  // First weights, dropout and the like draw from it where no seed was given.
  const random = Random.fromSeed('module', seed);
  Math.random = () => random.uniform();
  const progress = async (step: number, loss: number): Promise<void> => {
    say({ kind: 'progress', id, step, loss });
    await setImmediate();
    if (stopped.has(id)) throw new Stopped();
  };
  const layer: ModuleTrial['activation'] = (options) =>
    activationLayer(formula, { backend: activation, ...options });
  try {
    const outcome = await trainModule(child, {
      tf,
      activation: layer,
      formula,
      seed,
      steps,
      rung,
      options,
      progress,
    });
    process.stdout.write(`${JSON.stringify({ kind: 'outcome', id, ...outcome })}\n`);
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    say({ kind: 'stopped', id });
  }
}

/** Numbers that are not finite become null. */
function say(message: FromScript): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

function fail(error: unknown): never {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  // Of the places those in libraries say little, and the last words are few.
  const lines = text.split('\n').filter((line) => !/^ +at .*(node_modules|node:)/.test(line));
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exit(1);
}
