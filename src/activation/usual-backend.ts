import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ActivationSearchError } from '../errors.ts';
import { projectRoot, setUpCommandLine } from '../paths.ts';
import type { ActivationBackend } from './activation.ts';
import { programLayout } from './program-format.ts';

/** Where scripts/setup/fused-addon.mjs puts the native addon, or why it did not. */
const folder = join(projectRoot, 'build', 'native');
const addonFile = join(folder, 'fused.node');

/** The addon's file; `ACTIVATION_SEARCH_FUSED` names another build of it, such as one with sanitizers. */
export function fusedAddonFile(): string {
  return process.env.ACTIVATION_SEARCH_FUSED || addonFile;
}

/**
 * Why there is no native addon, in one line; undefined where there is one. Loads nothing: that it was built
 * for the programs of this compiler is seen by the text that it holds.
 */
export function fusedAbsence(): string | undefined {
  const file = fusedAddonFile();
  if (existsSync(file)) {
    if (readFileSync(file).includes(programLayout)) return undefined;
    return `${file} was built from other sources`;
  }
  const reason = join(folder, 'not-built.txt');
  if (!existsSync(reason)) return 'it has not been built';
  return `it could not be built: ${readFileSync(reason, 'utf8').split('\n').slice(0, 2).join(' ')}`;
}

/**
 * Returns the given way to compute candidates; without one, the fused kernel where it was built, else
 * composed operations. Refuses `fused` where it was not built.
 */
export function chooseBackend(asked: ActivationBackend | undefined): ActivationBackend {
  const absence = fusedAbsence();
  if (asked === 'fused' && absence !== undefined) {
    throw new ActivationSearchError('environment', `there is no fused kernel: ${absence}.`, {
      hint: `Run: ${setUpCommandLine}; or use --activation composed, which is several times slower.`,
    });
  }
  return asked ?? (absence === undefined ? 'fused' : 'composed');
}

/** A note for users who chose no way to compute candidates and get the slower one. */
export function slowerNotice(asked: ActivationBackend | undefined): string | undefined {
  const absence = fusedAbsence();
  if (asked !== undefined || absence === undefined) return undefined;
  return (
    `note: candidates are computed by single TensorFlow operations, several times slower than by the fused kernel: ` +
    `${absence}. Run: ${setUpCommandLine}`
  );
}
