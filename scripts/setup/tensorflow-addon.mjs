import { copyFileSync, lstatSync, mkdirSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { lastLines, run } from './child.mjs';
import { SetupFailure } from './failure.mjs';
import { readJson } from './files.mjs';
import { isCached, keepBinary, restoreLoading } from './native-cache.mjs';
import { nodeModules, projectRoot } from './paths.mjs';
import { inPlainCopy } from './plain-folder.mjs';
import { requirePrerequisites } from './prerequisites.mjs';
import { isRecorded, record } from './records.mjs';
import { installedByInstaller, tfjsFolder } from './tensorflow-installer.mjs';
import {
  damagedLibraries,
  fetchLibrary,
  libraryFolder,
  libraryIsPresent,
  platformName,
  platformRow,
  table,
} from './tensorflow-library.mjs';

/** @type {import('./run.mjs').Step} */
export const tensorflowAddon = {
  title: "tfjs-node's addon",
  needs: () => (isCached(cacheKey()) ? [] : ['npm', 'python', 'make', 'compiler']),
  isDone: () => isRecorded('tensorflow', recordKey(), binaryFile()) && (!fromWheel() || linksAreRight()),
  async run(context) {
    const trouble = fromWheel() ? await linkAndBuild(context) : await addsNumbers();
    if (trouble !== undefined) {
      rmSync(binaryFile(), { force: true });
      throw new SetupFailure(`tfjs-node does not load on Node ${process.versions.node}.`, {
        tried: [trouble],
        remedy: 'Remove node_modules and run this again; if it stays so, use Node 20, 22 or 24.',
      });
    }
    record('tensorflow', recordKey(), binaryFile(), { source: fromWheel() ? 'wheel' : 'installer' });
    if (fromWheel()) keepBinary(cacheKey(), binaryFile());
  },
};

/**
 * Returns why what came out does not load, or undefined.
 * @param {import('./run.mjs').StepContext} context
 */
async function linkAndBuild(context) {
  if (platformRow && (await damagedLibraries(libraryFolder(), platformRow)).length > 0) {
    context.say('the library in the cache is damaged: fetching it again');
    await fetchLibrary(context, platformRow);
  }
  makeLinks();
  if (await restoreLoading(cacheKey(), binaryFile(), addsNumbers, context.say)) return undefined;
  requirePrerequisites(['npm', 'python', 'make', 'compiler']);
  context.say('compiling it (about 10 seconds)');
  await inPlainCopy(tfjsFolder, async ({ folder, env }) => {
    const builder = join(nodeModules, '@mapbox', 'node-pre-gyp', 'bin', 'node-pre-gyp');
    const args = [builder, 'install', '--build-from-source'];
    const { code, output } = await run(process.execPath, args, { cwd: folder, env });
    if (code !== 0) {
      throw new SetupFailure("tfjs-node's addon could not be compiled.", {
        tried: [
          `node-pre-gyp ${args.slice(1).join(' ')} (exit code ${code ?? 'none'}):\n${lastLines(output)}`,
        ],
        remedy: 'Mend what the compiler says above and run this again.',
      });
    }
    mkdirSync(dirname(binaryFile()), { recursive: true });
    copyFileSync(join(folder, relative(tfjsFolder, binaryFile())), binaryFile());
  });
  return addsNumbers();
}

/** The names under which the addon's build and its run path look for library and headers. */
function links() {
  const dependencies = join(tfjsFolder, 'deps');
  const libraries = (platformRow?.libraries ?? []).flatMap(({ name, links }) =>
    links.map((link) => ({
      link: join(dependencies, 'lib', link),
      target: join(libraryFolder(), 'lib', name),
    })),
  );
  return [{ link: join(dependencies, 'include'), target: join(libraryFolder(), 'include') }, ...libraries];
}

function linksAreRight() {
  return links().every(({ link, target }) => linkTarget(link) === target);
}

function makeLinks() {
  for (const { link, target } of links()) {
    if (linkTarget(link) === target) continue;
    mkdirSync(dirname(link), { recursive: true });
    const temporary = `${link}.partial`;
    rmSync(temporary, { force: true });
    symlinkSync(target, temporary);
    if (lstatSync(link, { throwIfNoEntry: false })?.isDirectory()) rmSync(link, { recursive: true });
    renameSync(temporary, link);
  }
}

/** @param {string} link */
function linkTarget(link) {
  return lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() ? readlinkSync(link) : undefined;
}

async function addsNumbers() {
  const trouble = await troubleWithTensorflow('if (tf.add(40, 2).dataSync()[0] !== 42) process.exit(1);');
  return trouble && `loading it and adding two numbers:\n${trouble}`;
}

/**
 * Loads TensorFlow as `tf` in another process, because it ends the process if something is wrong, and runs a
 * script there. Returns what it printed if that failed.
 * @param {string} script
 */
export async function troubleWithTensorflow(script) {
  const whole = `
    const util = require('node:util');
    util.isNullOrUndefined ??= (value) => value === null || value === undefined;
    const tf = require('@tensorflow/tfjs-node');
    ${script}`;
  const { code, output } = await run(process.execPath, ['-e', whole], {
    cwd: projectRoot,
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' },
  });
  return code === 0 ? undefined : lastLines(output);
}

/** Whether the wheel's library is used: it is preferred to the one that tfjs-node's installer brings. */
function fromWheel() {
  return libraryIsPresent() || !installedByInstaller();
}

/** node-pre-gyp builds for the newest Node-API that both tfjs-node and this Node know. */
function binaryFile() {
  const known = [8, 7, 6, 5, 4, 3].find((version) => version <= Number(process.versions.napi));
  return join(tfjsFolder, 'lib', `napi-v${known}`, 'tfjs_binding.node');
}

function tfjsVersion() {
  return readJson(join(tfjsFolder, 'package.json'))?.version;
}

function cacheKey() {
  return `tfjs-node-${tfjsVersion()}-tensorflow-${table.version}-napi8-${platformName}`;
}

function recordKey() {
  return `tfjs-node ${tfjsVersion()} with ${fromWheel() ? libraryFolder() : 'its own TensorFlow'} on ${platformName}`;
}
