import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Command } from 'commander';
import { commands } from '../../src/cli/commands.ts';
import { projectRoot } from '../../src/paths.ts';

const pages = ['README.md', ...readdirSync(join(projectRoot, 'docs')).map((name) => join('docs', name))];

/** The commands that a page shows, one a line, without what a comment or a shell says behind them. */
function shown(page: string): readonly string[] {
  const text = readFileSync(join(projectRoot, page), 'utf8').replaceAll('\\\n', ' ');
  return [...text.matchAll(/npx activation-search ([^`\n#|&]*)/g)].map(([, command = '']) => command);
}

test('commands, subcommands and flags that README and docs show are there', async () => {
  const wrong: string[] = [];
  for (const page of pages.filter((name) => name.endsWith('.md'))) {
    for (const line of shown(page)) {
      const [name = '', second] = line.match(/[a-z][a-z-]*/g) ?? [];
      const loaded: Command | undefined = await commands[name as keyof typeof commands]?.load();
      const isGroup = loaded !== undefined && loaded.commands.length > 0 && second !== undefined;
      const command = isGroup ? loaded.commands.find((one) => one.name() === second) : loaded;
      const flags = line.match(/(?<=\s)--[a-z][a-z-]*/g) ?? [];
      const known = command?.options.map(({ long }) => long);
      const isThere = known && flags.every((flag) => flag === '--help' || known.includes(flag));
      if (!isThere) wrong.push(`${page}: ${line}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('the help of data import says which splits are made without --split and --seed', async () => {
  const data: Command = await commands.data.load();
  const help = data.commands.find((one) => one.name() === 'import')?.helpInformation();
  assert.match(
    help ?? '',
    /--split <shares>[^-]*\(default:\s+80\/10\/10\)[\s\S]*--seed <number>[^-]*\(default: 1\)/,
  );
});
