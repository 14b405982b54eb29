import { fileURLToPath } from 'node:url';
import { isNetwork, isScript } from '../children/recipe.ts';
import { ActivationSearchError } from '../errors.ts';
import { tensorflowEnvironment } from '../tensorflow-binding.ts';
import type { ToWorker } from './messages.ts';
import type { TrialRequest } from './protocol.ts';

/** What kind of worker a trial needs: which program, with what settings. */
export interface WorkerKind {
  /** Equal for trials that one worker can train one after the other. */
  readonly key: string;
  readonly entry: string;
  readonly env: NodeJS.ProcessEnv;
  /** Whether it leads a process group, which its script belongs to. */
  readonly ownGroup: boolean;
  /** Seconds without a message after which it counts as hung; undefined: the pool's own. */
  readonly silence: number | undefined;
  /** The child whose script it runs; undefined for networks. */
  readonly child: string | undefined;
  /** What a person does when none can be started. */
  readonly remedy: string;
  /** What it has to know before its first trial; `number` tells the workers of one kind apart. */
  readonly firstMessage: (number: number) => ToWorker | undefined;
}

const networkEntry = fileURLToPath(import.meta.resolve('./worker.js'));
const scriptEntry = fileURLToPath(import.meta.resolve('./script-worker.js'));

// oneDNN's floating-point mode; absent means float32 throughout, whatever this process inherited.
const floatingPointMode = { float32: {}, fast: { TF_SET_ONEDNN_FPMATH_MODE: 'BF16' } } as const;

export function workerKind(request: TrialRequest): WorkerKind {
  const { child, recipe, activation, precision } = request;
  if (isScript(recipe)) {
    // A command has a framework of its own; a module has the TensorFlow and the activations of this tool.
    const isModule = 'module' in recipe;
    return {
      key: JSON.stringify([child, recipe, ...(isModule ? [activation, precision] : [])]),
      entry: scriptEntry,
      env: isModule ? environmentOf(precision) : process.env,
      ownGroup: true,
      silence: recipe.silence,
      child,
      remedy: `${isModule ? 'Try' : 'Run its command by hand in the folder of the recipe, or try'}: npx activation-search children check FILE`,
      firstMessage: (worker) => ({ kind: 'script', job: { child, recipe, worker, activation, precision } }),
    };
  }
  if (!isNetwork(recipe)) throw noWorker(child);
  return {
    key: precision,
    entry: networkEntry,
    env: environmentOf(precision),
    ownGroup: false,
    silence: undefined,
    child: undefined,
    remedy: 'npx activation-search doctor says what is wrong with this installation.',
    firstMessage: () => undefined,
  };
}

function environmentOf(precision: TrialRequest['precision']): NodeJS.ProcessEnv {
  const { TF_SET_ONEDNN_FPMATH_MODE: _, ...inherited } = process.env;
  return { ...inherited, ...tensorflowEnvironment, ...floatingPointMode[precision] };
}

/** Why no worker of a kind can be started, as an error. */
export function cannotStart({ child, remedy: hint }: WorkerKind, reason: string): ActivationSearchError {
  return child === undefined
    ? new ActivationSearchError('environment', `worker processes cannot start: ${reason}`, { hint })
    : new ActivationSearchError('config', `the script of child "${child}" cannot start: ${reason}`, { hint });
}

/** The error for a child that only the program that opened its study can train. */
export function noWorker(child: string): ActivationSearchError {
  return new ActivationSearchError('config', `no worker can train "${child}": it is an objective.`, {
    hint: 'The program that opened the study trains it (openStudy): run that again to go on.',
  });
}
