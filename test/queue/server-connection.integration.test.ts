// Needs a server, which it fetches, and openssl. About 5 s.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { createServer } from 'node:tls';
import { cli, command } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { afterwards, testServer } from './support.ts';

test('a server behind TLS is used if its certificate is trusted, and refused in words if not', async (context) => {
  const own = await testServer(context);
  if (!own) return;
  const folder = temporaryFolder(context);
  const [key, certificate] = ['key.pem', 'certificate.pem'].map((name) => join(folder, name)) as [
    string,
    string,
  ];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const files = ['-keyout', key, '-out', certificate];
  const made = await command('openssl', [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '1',
    ...subject,
    ...files,
  ]).catch((error: Error) => ({ code: null, stderr: error.message }));
  if (made.code !== 0) {
    context.skip(`no certificate could be made: ${made.stderr}`);
    return;
  }
  // The server that is fetched was built without TLS: this process speaks it for it.
  const front = createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (socket) => {
    const back = connect(own.url.slice('unix:'.length));
    socket.pipe(back).pipe(socket);
    for (const end of [socket, back]) end.on('error', () => end.destroy());
  }).listen(0, '127.0.0.1');
  afterwards(context, () => front.close());
  await once(front, 'listening');
  const url = `rediss://localhost:${(front.address() as AddressInfo).port}`;
  const unknown = await cli(['workers', '--connect', url]);
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /certificate is not one that this machine trusts.*\n.*NODE_EXTRA_CA_CERTS/);
  const known = await cli(['workers', '--connect', url], { env: { NODE_EXTRA_CA_CERTS: certificate } });
  assert.equal(known.code, 0, known.stderr);
  assert.match(known.stdout, /no worker is connected to rediss:\/\/localhost/);
});
