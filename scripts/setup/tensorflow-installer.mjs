import { lstatSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { lastLines, run } from './child.mjs';
import { buildEnvironment } from './npm.mjs';
import { nodeModules } from './paths.mjs';
import { isRecorded, record } from './records.mjs';

export const tfjsFolder = join(nodeModules, '@tensorflow', 'tfjs-node');

const extension = process.platform === 'darwin' ? '2.dylib' : 'so.2';
const libraryLink = join(tfjsFolder, 'deps', 'lib', `libtensorflow.${extension}`);
const recordName = 'tensorflow-installer';

/** Whether TensorFlow came from tfjs-node's own installer, and is still there. */
export function installedByInstaller() {
  return isRecorded(recordName, 'installer', libraryLink);
}

/**
 * Runs tfjs-node's own install script: TensorFlow 2.9.1 and a prebuilt addon from its storage host, or an
 * addon compiled here. Returns what went wrong, or undefined.
 * @returns {Promise<string | undefined>}
 */
export async function runInstaller() {
  // The installer takes a library that it finds for its own; ours may be a dangling link.
  await rm(join(tfjsFolder, 'deps'), { recursive: true, force: true });
  const environment = buildEnvironment();
  const { code, output } = await run(process.execPath, [join('scripts', 'install.js')], {
    cwd: tfjsFolder,
    env: { ...environment, PATH: [join(nodeModules, '.bin'), environment.PATH].join(delimiter) },
  });
  // The script ends with 0 after some failures, so what it should have made decides.
  if (code === 0 && lstatSync(libraryLink, { throwIfNoEntry: false })) {
    record(recordName, 'installer', libraryLink);
    return undefined;
  }
  return `exit code ${code ?? 'none'}:\n${lastLines(output, 12)}`;
}
