import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { defaultDatabase } from '../../src/paths.ts';
import { commandText, shellQuoted } from '../../src/terminal/command-text.ts';

test('a command names its database unless it is the default one', () => {
  assert.equal(commandText(['resume', 'mine']), 'npx activation-search resume mine');
  assert.equal(commandText(['resume', 'mine'], defaultDatabase), 'npx activation-search resume mine');
  assert.equal(
    commandText(['show', '-x*sigmoid(-x)'], '/some where/a.db'),
    "npx activation-search show '-x*sigmoid(-x)' --db '/some where/a.db'",
  );
  const here = commandText(['trial', 'list'], join(process.cwd(), 'a.db'));
  assert.equal(here, 'npx activation-search trial list --db a.db');
});

test('a shell reads every quoted word as it was', () => {
  const words = [
    'a-word_1.db',
    "it's",
    'x*sigmoid(x)',
    '|x|',
    '$HOME',
    '`id`',
    'a b',
    '!',
    '"',
    '\\',
    '~',
    '#',
  ];
  const line = `printf '%s\\n' ${words.map(shellQuoted).join(' ')}`;
  const printed = execFileSync('sh', ['-c', line], { encoding: 'utf8' });
  assert.deepEqual(printed.split('\n').slice(0, -1), words);
});
