import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Redis, RedisOptions } from 'ioredis';
import { ActivationSearchError } from '../errors.ts';
import { projectRoot } from '../paths.ts';
import { passwordVariable, type ServerAddress } from './server-address.ts';

type BullMq = typeof import('bullmq');
type ClientOptions = Omit<RedisOptions, 'replyMapping'>;

/** A server that was found fit for trials, and the packages that speak with it. */
export interface QueueServer {
  readonly address: ServerAddress;
  readonly bullmq: BullMq;
  /**
   * Another connection, which comes back by itself after it was lost. Whoever asked for it disconnects it.
   */
  connect(): Redis;
}

const oldestServer = [6, 2] as const;
const connectMilliseconds = 10_000;
const mostPause = 2000;
/** Longer than any command blocks. */
const silentMilliseconds = 20_000;

/**
 * Connects to a server for the first time. Refuses one that does not answer, does not let this user in, is
 * older than BullMQ needs, or may throw trials away when its memory is full.
 */
export async function openServer(address: ServerAddress): Promise<QueueServer> {
  const { bullmq, ioredis } = await loadPackages();
  const connect = (changes: ClientOptions): Redis => {
    const options: ClientOptions = { ...address.options, connectTimeout: connectMilliseconds, ...changes };
    const client = new ioredis(options);
    // Lost connections come back. BullMQ and the callers' timers tell of what fails meanwhile.
    client.on('error', () => undefined);
    return client;
  };
  const first = connect({ lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
  try {
    await examineServer(first, address);
  } finally {
    first.disconnect();
  }
  return {
    address,
    bullmq,
    connect: () =>
      connect({
        maxRetriesPerRequest: null,
        socketTimeout: silentMilliseconds,
        retryStrategy: (times) => Math.min(100 * times, mostPause),
      }),
  };
}

async function loadPackages(): Promise<{ bullmq: BullMq; ioredis: typeof Redis }> {
  try {
    const [bullmq, ioredis] = await Promise.all([import('bullmq'), import('ioredis')]);
    return { bullmq, ioredis: ioredis.Redis };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new ActivationSearchError(
      'server',
      'the packages that --connect and worker need are missing here.',
      {
        hint: `Run: npm install --no-save ${wantedPackages().join(' ')}`,
        cause: error,
      },
    );
  }
}

/** The optional packages of this room with their versions, as package.json pins them. */
function wantedPackages(): readonly string[] {
  const text = readFileSync(join(projectRoot, 'package.json'), 'utf8');
  const manifest: { optionalDependencies: Record<string, string> } = JSON.parse(text);
  return ['bullmq', 'ioredis'].map((name) => `${name}@${manifest.optionalDependencies[name]}`);
}

async function examineServer(client: Redis, address: ServerAddress): Promise<void> {
  let cause: Error | undefined;
  client.on('error', (error: Error) => {
    cause ??= error;
  });
  let information: string;
  try {
    await client.connect();
    information = await client.info();
  } catch (error) {
    throw unusable(address, cause ?? (error as Error));
  }
  const fact = (name: string): string => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(information)?.[1] ?? '';
  const version = fact('redis_version');
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < oldestServer[0] || (major === oldestServer[0] && minor < oldestServer[1])) {
    throw refusedServer(
      address,
      `is of version ${version}`,
      `Use Redis ${oldestServer.join('.')} or later, or Valkey.`,
    );
  }
  if (fact('role') === 'slave')
    throw refusedServer(address, 'is a replica, which is read only', 'Name its primary.');
  const policy = fact('maxmemory_policy');
  if (policy !== 'noeviction') {
    throw refusedServer(
      address,
      `may throw trials away when its memory is full (maxmemory-policy ${policy})`,
      'Set it to noeviction: CONFIG SET maxmemory-policy noeviction',
    );
  }
}

function refusedServer({ shown }: ServerAddress, what: string, hint: string): ActivationSearchError {
  return new ActivationSearchError('server', `the server at ${shown} ${what}.`, { hint });
}

/** Why no trial can be handed to a server, in words. */
export function unusable({ shown }: ServerAddress, error: Error): ActivationSearchError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const found = isFull(error) ? full : troubles.find(({ sign }) => sign.test(`${code} ${message}`));
  if (found)
    return new ActivationSearchError('server', `${found.what} at ${shown}.`, {
      hint: found.hint,
      cause: error,
    });
  return new ActivationSearchError(
    'server',
    `no Redis or Valkey server can be used at ${shown}: ${message}`,
    {
      hint: noServerHint,
      cause: error,
    },
  );
}

/** Whether a command failed because the memory of the server is full; transactions name the cause beside. */
export function isFull(error: unknown): boolean {
  const { previousErrors = [] } = error as { readonly previousErrors?: readonly unknown[] };
  return [error, ...previousErrors].some((one) => /OOM command not allowed/.test(String(one)));
}

const full = {
  what: 'there is no memory left on the server',
  hint: 'Give it more (maxmemory), then go on with resume; what is stored stays stored.',
};

const noServerHint = 'Check the address, or start a server here: npx activation-search worker --serve';

const troubles: readonly { readonly sign: RegExp; readonly what: string; readonly hint: string }[] = [
  {
    sign: /ECONNREFUSED|ENOENT|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|ECONNRESET/,
    what: 'no server answers',
    hint: noServerHint,
  },
  {
    sign: /WRONG_VERSION_NUMBER|EPROTO/,
    what: 'TLS is not spoken',
    hint: 'Give the port on which the server speaks TLS, or redis:// for one without.',
  },
  { sign: /ENOTFOUND|EAI_AGAIN/, what: 'there is no such host', hint: 'Check the address of --connect.' },
  {
    sign: /WRONGPASS|NOAUTH|invalid username-password|without any password/,
    what: 'the password is wrong or missing for the server',
    hint: `Give it in ${passwordVariable}, or in the URL: redis://:PASSWORD@HOST`,
  },
  {
    sign: /NOPERM/,
    what: 'this user may not do what trials need on the server',
    hint: 'Let the user run all commands on keys that begin with activation-search:',
  },
  {
    sign: /SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|CERT_|ALTNAME/,
    what: 'the certificate is not one that this machine trusts, of the server',
    hint: 'Name the file of its authority: NODE_EXTRA_CA_CERTS=FILE npx activation-search …',
  },
];
