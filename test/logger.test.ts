import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileLogger } from '../src/logger.ts';
import { temporaryFolder } from './support/temporary.ts';

test('a log is made with its folder, and goes on behind what it holds', (context) => {
  const file = join(temporaryFolder(context), 'study', 'log.ndjson');
  for (const what of ['first', 'second']) fileLogger(file, { study: 'one' }).info({ step: 1 }, what);
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line)).map(({ study, step, msg }) => [study, step, msg]),
    [
      ['one', 1, 'first'],
      ['one', 1, 'second'],
    ],
  );
});

test('a log that cannot be made is refused in words', (context) => {
  const folder = temporaryFolder(context);
  mkdirSync(join(folder, 'log.ndjson'));
  assert.throws(() => fileLogger(join(folder, 'log.ndjson')), {
    code: 'environment',
    message: /log\.ndjson cannot be written: EISDIR/,
  });
});

test('a full disk costs lines of the log, which is said once, and ends nothing', {
  skip: !existsSync('/dev/full') && 'this system has no full device',
}, (context) => {
  const said = context.mock.method(process.stderr, 'write', () => true);
  const logger = fileLogger('/dev/full');
  logger.info('one');
  logger.child({ worker: 1 }).warn('two');
  const texts = said.mock.calls.map(({ arguments: [text] }) => String(text));
  said.mock.restore();
  assert.equal(texts.length, 1);
  assert.match(texts[0] as string, /^note: lines are missing from the log \/dev\/full: ENOSPC/);
});
