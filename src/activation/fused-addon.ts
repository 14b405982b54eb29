import { createRequire } from 'node:module';
import { ActivationSearchError } from '../errors.ts';
import { setUpCommandLine } from '../paths.ts';
import { tfjs } from '../tensorflow.ts';
import { chooseBackend, fusedAddonFile } from './usual-backend.ts';

/** The native addon (native/addon.cc). Loading it makes its operations known to TensorFlow. */
export interface FusedAddon {
  /** Names of the compiled versions of the arithmetic that this machine can run, the fastest first. */
  instructionSets(): readonly string[];
  /** The one in use. */
  instructionSet(): string;
  /** Takes another; false where it cannot be. */
  chooseInstructionSet(name: string): boolean;
  /** Version and instructions of the programs that it takes. */
  layout(): string;
  /** What is wrong with a serialized program, or ''. */
  problemOf(words: Int32Array): string;
  /** How often each kernel has run in this process. */
  calls(): Readonly<Record<NativeKernel, number>>;
}

export type NativeKernel =
  | 'program'
  | 'normalized'
  | 'normalizedGradient'
  | 'sgd'
  | 'adam'
  | 'convolution'
  | 'convolutionInputGradient'
  | 'convolutionFilterGradient';

let loaded: FusedAddon | ActivationSearchError | undefined;

/**
 * The addon, loaded after TensorFlow at first use. Throws where it was not built or does not load.
 * `ACTIVATION_SEARCH_ISA` in the environment chooses the instruction set.
 */
export function fusedAddon(): FusedAddon {
  loaded ??= load();
  if (loaded instanceof ActivationSearchError) throw loaded;
  return loaded;
}

/** Why there is no addon; undefined where there is one. */
export function fusedTrouble(): string | undefined {
  try {
    fusedAddon();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function load(): FusedAddon | ActivationSearchError {
  try {
    chooseBackend('fused');
    tfjs();
    const addon = createRequire(import.meta.url)(fusedAddonFile()) as FusedAddon;
    chooseInstructionSet(addon);
    return addon;
  } catch (error) {
    if (error instanceof ActivationSearchError) return error;
    const reason = error instanceof Error ? (error.message.split('\n')[0] as string) : String(error);
    return new ActivationSearchError('environment', `the fused kernel does not load: ${reason}`, {
      hint: `Remove the folder build/native and run: ${setUpCommandLine}; or use --activation composed, which is slower.`,
      cause: error,
    });
  }
}

function chooseInstructionSet(addon: FusedAddon): void {
  const name = process.env.ACTIVATION_SEARCH_ISA;
  if (name === undefined || name === '' || addon.chooseInstructionSet(name)) return;
  const names = addon.instructionSets().join(', ');
  throw new ActivationSearchError(
    'environment',
    `ACTIVATION_SEARCH_ISA is ${name}; this machine can run: ${names}.`,
  );
}
