import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { ActivationSearchError } from '../errors.ts';
import { projectRoot } from '../paths.ts';
import { type ServerAddress, serverAddress } from './server-address.ts';
import { openServer, type QueueServer } from './server-connection.ts';

/** Where a server of one's own listens: on this machine's loopback, or at a socket. */
export type ListenPlace = { readonly port: number } | { readonly socket: string };

export interface OwnServerOptions {
  /** What the server keeps lies there: a server started anew knows all trials again. */
  readonly folder: string;
  readonly listen: ListenPlace;
  readonly password?: string | undefined;
  /** Further lines of its configuration. */
  readonly settings?: readonly string[];
  readonly say: (text: string) => void;
}

/** A Valkey server that this process has started. */
export interface OwnServer {
  readonly url: string;
  readonly server: QueueServer;
  readonly process: ChildProcess;
  /** Ends it and waits for its end; what it knows stays in its folder. */
  stop(): Promise<void>;
}

const triesToConnect = 100;
const pauseMilliseconds = 100;

/** Starts a server of one's own; its program is fetched where it is not in the cache. */
export async function startServer(options: OwnServerOptions): Promise<OwnServer> {
  const { folder, listen, password, say } = options;
  const program = await serverProgram(say);
  mkdirSync(folder, { recursive: true });
  const url = 'port' in listen ? `redis://127.0.0.1:${listen.port}` : `unix:${listen.socket}`;
  // Ctrl-C in a terminal reaches a whole group: the server stays until its workers are done. What it reads
  // from
  // standard input is in no list of processes.
  const child = spawn(program, ['-'], { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
  const output: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => output.push(text));
  child.stdin.on('error', () => undefined).end(configuration(options));
  const environment = password === undefined ? {} : { ACTIVATION_SEARCH_QUEUE_PASSWORD: password };
  const server = await answering(child, serverAddress(url, environment), () => output.join(''));
  return {
    url,
    server,
    process: child,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

function configuration({ folder, listen, password, settings = [] }: OwnServerOptions): string {
  const place =
    'port' in listen
      ? ['bind 127.0.0.1', `port ${listen.port}`]
      : ['port 0', `unixsocket ${quoted(listen.socket)}`, 'unixsocketperm 700'];
  return [
    ...place,
    `dir ${quoted(folder)}`,
    'appendonly yes',
    'save ""',
    'maxmemory-policy noeviction',
    ...(password === undefined ? [] : [`requirepass ${quoted(password)}`]),
    ...settings,
    '',
  ].join('\n');
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}

async function answering(
  child: ChildProcess,
  address: ServerAddress,
  output: () => string,
): Promise<QueueServer> {
  let ended = false;
  let unstarted: Error | undefined;
  child.once('exit', () => {
    ended = true;
  });
  child.once('error', (error) => {
    unstarted = error;
  });
  for (let attempt = 1; ; attempt++) {
    if (unstarted) throw cannotRun(child.spawnfile, unstarted);
    try {
      const server = await openServer(address);
      if (!ended) return server;
    } catch (error) {
      if (!ended && attempt >= triesToConnect) {
        child.kill('SIGKILL');
        throw error;
      }
    }
    if (ended) {
      throw new ActivationSearchError(
        'server',
        `the server at ${address.shown} did not start: ${lastLine(output())}`,
        {
          hint: 'Give it another port (--port N), or end what listens there.',
        },
      );
    }
    await sleep(pauseMilliseconds);
  }
}

function cannotRun(program: string, cause: Error): ActivationSearchError {
  return new ActivationSearchError('server', `the Valkey server cannot be run: ${cause.message}.`, {
    hint: `Run: chmod +x ${program}; where its disk runs no programs (noexec), set ACTIVATION_SEARCH_CACHE.`,
    cause,
  });
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}

async function serverProgram(say: (text: string) => void): Promise<string> {
  const file = join(projectRoot, 'scripts', 'setup', 'valkey.mjs');
  const { valkeyServer } = (await import(pathToFileURL(file).href)) as {
    valkeyServer: (say: (text: string) => void) => Promise<string>;
  };
  try {
    return await valkeyServer(say);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if ('remedy' in error) {
      throw new ActivationSearchError('server', error.message, { hint: String(error.remedy), cause: error });
    }
    if (!('syscall' in error)) throw error;
    throw new ActivationSearchError('server', `the Valkey server cannot be cached: ${error.message}.`, {
      hint: 'Make the cache folder (ACTIVATION_SEARCH_CACHE) writable, or start a server yourself: --connect URL',
      cause: error,
    });
  }
}
