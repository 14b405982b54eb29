import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { projectRoot } from '../../src/paths.ts';
import { temporaryFolder } from '../support/temporary.ts';

interface NativeCache {
  isCached(key: string): boolean;
  keepBinary(key: string, binary: string): void;
  restoreBinary(key: string, binary: string): string | undefined;
}

const nobody = 65534;
const script = join(projectRoot, 'scripts', 'setup', 'native-cache.mjs');
const { isCached, keepBinary, restoreBinary } = (await import(pathToFileURL(script).href)) as NativeCache;

test('a cache of somebody else that may only be read gives its binaries and is left as it is', (context) => {
  const { own, cache } = folders(context);
  const binary = join(own, 'one.node');
  writeFileSync(binary, 'machine code');
  keepBinary('whole', binary);
  keepBinary('damaged', binary);
  writeFileSync(join(cache, 'native', 'damaged', 'one.node'), 'other code');
  asReader(cache, () => {
    rmSync(binary);
    assert.equal(restoreBinary('whole', binary), undefined);
    keepBinary('whole', binary);
    assert.match(restoreBinary('damaged', binary) ?? '', /is damaged: its hash is wrong/);
    keepBinary('new', binary);
  });
  assert.equal(readFileSync(binary, 'utf8'), 'machine code');
  assert.deepEqual(readdirSync(join(cache, 'native')).sort(), ['damaged', 'whole']);
  assert.deepEqual(['whole', 'new'].map(isCached), [true, false]);
});

/** A folder that everybody may write and an empty cache, which is the one in use during the test. */
function folders(context: TestContext): { own: string; cache: string } {
  const root = temporaryFolder(context);
  const [own, cache] = [join(root, 'own'), join(root, 'cache')];
  for (const folder of [own, cache]) mkdirSync(folder);
  chmodSync(root, 0o755);
  chmodSync(own, 0o777);
  const before = process.env.ACTIVATION_SEARCH_CACHE;
  process.env.ACTIVATION_SEARCH_CACHE = cache;
  context.after(() => {
    if (before === undefined) delete process.env.ACTIVATION_SEARCH_CACHE;
    else process.env.ACTIVATION_SEARCH_CACHE = before;
  });
  return { own, cache };
}

/** Does `work` as one who may not write into the cache: root would be let in, whatever its mode. */
function asReader(cache: string, work: () => void): void {
  const kept = ['', 'native', 'native/whole', 'native/damaged'].map((path) => join(cache, path));
  const setMode = (mode: number): void => {
    for (const folder of kept) chmodSync(folder, mode);
  };
  const root = process.getuid?.() === 0;
  setMode(0o555);
  if (root) process.seteuid?.(nobody);
  try {
    work();
  } finally {
    if (root) process.seteuid?.(0);
    setMode(0o755);
  }
}
