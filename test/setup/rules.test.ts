import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { cacheFolder, projectRoot } from '../../src/paths.ts';
import { sqlitePackage } from '../../src/storage/driver.ts';
import { temporaryFolder } from '../support/temporary.ts';

// The set-up runs before anything is compiled, so these rules are written in scripts/ and again in src/.
const scripts = join(projectRoot, 'scripts', 'setup');

test('set-up and program agree on the cache folder, however it is named', async (t) => {
  const paths = (await script('paths.mjs')) as { cacheFolder: () => string };
  const before = { ...process.env };
  t.after(() => {
    process.env = before;
  });
  const environments = [
    {},
    { ACTIVATION_SEARCH_CACHE: '/some/where' },
    { ACTIVATION_SEARCH_CACHE: 'relative/folder', XDG_CACHE_HOME: '/xdg' },
    { ACTIVATION_SEARCH_CACHE: '', XDG_CACHE_HOME: '/xdg' },
    { XDG_CACHE_HOME: '' },
  ];
  for (const environment of environments) {
    const { ACTIVATION_SEARCH_CACHE: _, XDG_CACHE_HOME: __, ...rest } = before;
    process.env = { ...rest, ...environment };
    assert.equal(paths.cacheFolder(), cacheFolder(), JSON.stringify(environment));
  }
  assert.ok(cacheFolder().startsWith(homedir()), 'without a variable it lies in the home folder');
});

test('set-up and program agree on the SQLite package, under every Node', async () => {
  const sqlite = (await script('sqlite.mjs')) as { sqlitePackage: (napi?: string) => string };
  for (const napi of [undefined, '8', '9', '10', '11']) {
    assert.equal(sqlite.sqlitePackage(napi), sqlitePackage(napi), `Node-API ${napi}`);
  }
});

test('a build goes to a folder whose path make can take, or the character is named that it cannot', async () => {
  const { plainTemporaryFolder } = (await script('plain-folder.mjs')) as {
    plainTemporaryFolder: (folders: readonly string[]) => string;
  };
  assert.equal(plainTemporaryFolder(['/my folder', '/tmp']), '/tmp');
  for (const character of [' ', '[', "'", '"', '$', '#', 'ñ', ':', '(']) {
    assert.throws(
      () => plainTemporaryFolder([`/with${character}in`]),
      (error: Error) => error.message.includes(`the character "${character}"`),
    );
  }
});

test('a file in the place of the cache folder is told in words, with what to do', async (t) => {
  const file = join(temporaryFolder(t), 'cache');
  writeFileSync(file, '');
  const { failureText } = (await script('failure.mjs')) as { failureText: (error: unknown) => string };
  for (const folder of [file, join(file, 'native')]) {
    const text = failureText(errorOf(() => mkdirSync(folder)));
    assert.match(text, /^error: a file stands where a folder belongs: .*cache.*\nMove it away, .*_CACHE/);
  }
});

function errorOf(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

function script(name: string): Promise<unknown> {
  return import(pathToFileURL(join(scripts, name)).href);
}
