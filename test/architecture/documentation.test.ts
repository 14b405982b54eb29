import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../../src/paths.ts';

const folders = ['.', 'docs', 'docs/plots', 'bench', 'bench/tables'];
const pages = folders.flatMap((folder) =>
  readdirSync(join(projectRoot, folder))
    .filter((file) => file.endsWith('.md'))
    .map((file) => {
      const path = join(folder, file);
      const text = readFileSync(join(projectRoot, path), 'utf8').replace(/^```.*?^```/gms, '');
      return { path, text };
    }),
);
const headings = new Map(
  pages.map(({ path, text }) => [path, [...text.matchAll(/^#+ (.+)$/gm)].map(anchorOf)]),
);

/** The targets within this checkout that pages link to or show. */
const links = pages.flatMap(({ path: from, text }) =>
  [...text.matchAll(/\]\(([^)\s]+)\)|\bsrc(?:set)?="([^"]+)"/g)]
    .map(([, target, shown]) => (target ?? shown) as string)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [file, anchor] = target.split('#') as [string, string?];
      return { from, target, path: file === '' ? from : join(dirname(from), file), anchor };
    }),
);

test('links within the documentation lead to files and headings that are there', () => {
  const dead = links.filter(
    ({ path, anchor }) =>
      !existsSync(join(projectRoot, path)) ||
      (anchor !== undefined && headings.get(path)?.includes(anchor) === false),
  );
  assert.deepEqual(
    dead.map(({ from, target }) => `${from}: ${target}`),
    [],
  );
});

test('every page and picture of docs/ is linked or shown by a page', () => {
  const met = new Set(links.map(({ path }) => path));
  const files = readdirSync(join(projectRoot, 'docs'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(projectRoot, join(entry.parentPath, entry.name)));
  assert.deepEqual(
    files.filter((file) => !met.has(file)),
    [],
  );
});

/** What a heading is called in links to it, as GitHub has it. */
function anchorOf([, heading]: RegExpExecArray): string {
  return (heading as string)
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}
