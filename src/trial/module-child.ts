import { createInterface } from 'node:readline';
import { setImmediate } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { activationLayer } from '../activation/activation-layer.ts';
import { chooseBackend } from '../activation/usual-backend.ts';
import { Random } from '../random.ts';
import { tensorflowVersion, tfjs } from '../tensorflow.ts';
import { type ChildFunction, type ModuleTrial, trainModule } from './module-training.ts';
import { type FromScript, type ScriptRequest, scriptProtocol, type ToScript } from './script-lines.ts';

// The program that trains a child written in JavaScript, started by script.ts with the module's file and the
// name of its function. It speaks the protocol of scripts. What fails ends it: its last words are the error.

/** Thrown where a training learns that it is to be given up. */
class Stopped extends Error {}

const [file = '', name = ''] = process.argv.slice(2);
const stopped = new Set<number>();

try {
  const child = await childFunction();
  const tf = tfjs();
  const arithmetic = {
    node: process.version,
    tensorflow: tensorflowVersion(),
    activation: chooseBackend(undefined),
  };
  say({ kind: 'ready', protocol: scriptProtocol, arithmetic });
  let training = Promise.resolve();
  createInterface({ input: process.stdin })
    .on('line', (line) => {
      const message = JSON.parse(line) as ToScript;
      if (message.kind === 'stop') stopped.add(message.id);
      if (message.kind === 'shutdown') process.exit(0);
      if (message.kind === 'trial') training = training.then(() => serve(child, tf, message)).catch(fail);
    })
    // The tool has gone: nobody would hear an outcome.
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
  const activation: ModuleTrial['activation'] = (layer) => activationLayer(formula, layer);
  try {
    const outcome = await trainModule(child, {
      tf,
      activation,
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
