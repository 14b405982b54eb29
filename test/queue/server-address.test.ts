import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ActivationSearchError } from '../../src/errors.ts';
import { passwordVariable, serverAddress } from '../../src/queue/server-address.ts';

test('an address is shown without user and password', () => {
  const { shown, options } = serverAddress('rediss://ann:s%40cret@host.example:7000/2', {});
  assert.equal(shown, 'rediss://host.example:7000/2');
  const tls = { servername: 'host.example' };
  assert.deepEqual(options, {
    host: 'host.example',
    port: 7000,
    db: 2,
    username: 'ann',
    password: 's@cret',
    tls,
  });
});

test('an IP address is not asked for as the name of a certificate', () => {
  assert.deepEqual(serverAddress('rediss://127.0.0.1', {}).options.tls, {});
  assert.deepEqual(serverAddress('rediss://[::1]', {}).options.tls, {});
});

test('a password comes from the environment where the URL has none', () => {
  const environment = { [passwordVariable]: 'own' };
  assert.equal(serverAddress('redis://host', environment).options.password, 'own');
  assert.equal(serverAddress('redis://:url@host', environment).options.password, 'url');
  assert.deepEqual(serverAddress('unix:/run/server', environment), {
    shown: 'unix:/run/server',
    options: { path: '/run/server', password: 'own' },
  });
  assert.equal(serverAddress('redis://[::1]', {}).options.host, '::1');
});

test('a wrong address is refused without being repeated, for it may hold a password', () => {
  const wrong = [
    '',
    'localhost',
    'redis//:secret@host',
    'redi://:secret@host',
    'redis://:secret@',
    'redis://:secret@host:port',
    'redis://:secret@host:99999',
    'redis://:secret@host/db',
    'redis://:secret%@host',
    'http://:secret@host',
  ];
  for (const given of wrong) {
    assert.throws(
      () => serverAddress(given, {}),
      (error) => {
        assert(error instanceof ActivationSearchError, given);
        assert.equal(error.exitCode, 2);
        assert.doesNotMatch(`${error.message} ${error.hint}`, /secret/);
        assert.match(error.hint ?? '', /redis:\/\/HOST:PORT/);
        return true;
      },
    );
  }
});
