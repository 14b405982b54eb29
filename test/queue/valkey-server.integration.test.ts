// Needs a server, which it fetches. About 10 s.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { ActivationSearchError } from '../../src/errors.ts';
import { serverAddress } from '../../src/queue/server-address.ts';
import { openServer } from '../../src/queue/server-connection.ts';
import { cli } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { testServer } from './support.ts';

function refused(expected: RegExp, hint: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert(error instanceof ActivationSearchError, String(error));
    assert.equal(error.exitCode, 2);
    assert.match(error.message, expected);
    assert.match(error.hint ?? '', hint);
    assert.doesNotMatch(`${error.message} ${error.hint}`, /secret/);
    return true;
  };
}

test('no server, or a program that is none: the address without its password, and what to do', async (context) => {
  const nobody = serverAddress(`unix:${join(temporaryFolder(context), 'nobody')}`, {});
  await assert.rejects(openServer(nobody), refused(/no server answers at unix:/, /worker --serve/));
  const other = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(
    0,
    '127.0.0.1',
  );
  context.after(() => other.close());
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  const address = serverAddress(`redis://:secret@127.0.0.1:${port}`, {});
  await assert.rejects(
    openServer(address),
    refused(/no Redis or Valkey server can be used at redis:\/\/127/, /address/),
  );
});

test('a wrong password and a missing one are told apart from a server that is away', async (context) => {
  const own = await testServer(context, { password: 'right "secret" \\' });
  if (!own) return;
  for (const environment of [{}, { ACTIVATION_SEARCH_QUEUE_PASSWORD: 'wrong secret' }]) {
    const address = serverAddress(own.url, environment);
    await assert.rejects(
      openServer(address),
      refused(/the password is wrong or missing/, /ACTIVATION_SEARCH_QUEUE_PASSWORD/),
    );
  }
});

test('a server that may throw trials away is refused', async (context) => {
  const own = await testServer(context);
  if (!own) return;
  const client = own.server.connect();
  context.after(() => client.disconnect());
  await client.config('SET', 'maxmemory-policy', 'allkeys-lru');
  await assert.rejects(openServer(own.server.address), refused(/allkeys-lru/, /noeviction/));
  const search = await cli([
    'search',
    '--space',
    'small',
    '--connect',
    own.url,
    '--db',
    join(temporaryFolder(context), 'a.db'),
  ]);
  assert.equal(search.code, 2);
  assert.match(search.stderr, /allkeys-lru/);
});

test('a worker says what it was not given', async () => {
  for (const args of [['worker'], ['worker', '--serve', '--connect', 'redis://host'], ['workers']]) {
    const { code, stderr } = await cli(args);
    assert.equal(code, 2);
    assert.match(stderr, /--connect/);
  }
});
