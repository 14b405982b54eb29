import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, delimiter, dirname, join } from 'node:path';

/**
 * npm's own script, to be run by this very Node whatever `node` means on the PATH: the npm that runs
 * us, else the one on the PATH, else the one that came with this Node.
 * @returns {string | undefined}
 */
export function npmScript() {
  const running = process.env.npm_execpath;
  if (running !== undefined && basename(running) === 'npm-cli.js' && existsSync(running)) return running;
  const onPath = findProgram('npm');
  if (onPath !== undefined) {
    const script = realpathSync(onPath);
    if (basename(script) === 'npm-cli.js') return script;
    const beside = join(dirname(script), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js');
    if (existsSync(beside)) return beside;
  }
  const own = join(nodePrefix(), 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js');
  return existsSync(own) ? own : undefined;
}

/** The script of the node-gyp that npm carries; undefined if there is none. */
export function nodeGypScript() {
  const npm = npmScript();
  if (npm === undefined) return undefined;
  try {
    return createRequire(npm).resolve('node-gyp/bin/node-gyp.js');
  } catch {
    return undefined;
  }
}

/**
 * The environment for compiling a native package. Where Node's headers lie beside the running Node
 * they are used, as nothing then needs to be downloaded; else node-gyp follows npm's `nodedir` setting
 * or fetches them.
 */
export function buildEnvironment() {
  const script = nodeGypScript();
  return {
    ...process.env,
    PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
    ...(script === undefined ? {} : { npm_config_node_gyp: script }),
    ...(ownHeaders() ? { npm_config_nodedir: nodePrefix() } : {}),
  };
}

/**
 * The first file of this name in the PATH's folders.
 * @param {string} name
 */
export function findProgram(name) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file));
}

function nodePrefix() {
  return dirname(dirname(realpathSync(process.execPath)));
}

function ownHeaders() {
  const header = join(nodePrefix(), 'include', 'node', 'node_version.h');
  if (!existsSync(header)) return false;
  const text = readFileSync(header, 'utf8');
  const numbers = ['MAJOR', 'MINOR', 'PATCH'].map(
    (part) => new RegExp(`#define NODE_${part}_VERSION (\\d+)`).exec(text)?.[1],
  );
  return numbers.join('.') === process.versions.node;
}
