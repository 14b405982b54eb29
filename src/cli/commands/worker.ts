import { join } from 'node:path';
import { Command } from 'commander';
import { ActivationSearchError } from '../../errors.ts';
import { fileLogger } from '../../logger.ts';
import { runsFolder } from '../../paths.ts';
import { QueueWorker } from '../../queue/queue-worker.ts';
import { passwordVariable } from '../../queue/server-address.ts';
import type { QueueServer } from '../../queue/server-connection.ts';
import { startServer } from '../../queue/valkey-server.ts';
import { WorkerPool } from '../../trial/pool.ts';
import { positiveInteger } from '../options.ts';
import { printNote } from '../output.ts';
import { connectOption, serverOf } from '../study-runner.ts';

interface WorkerFlags {
  readonly connect?: string;
  readonly workers?: number;
  readonly allowCommand?: boolean;
  readonly serve?: boolean;
  readonly port: number;
}

const usualPort = 6399;
const folder = join(runsFolder, 'queue');

/** `worker --connect URL`, `worker --serve`. */
export function workerCommand(): Command {
  return new Command('worker')
    .description(
      'Trains for studies of other machines: takes trials from a server and answers with outcomes.',
    )
    .addOption(connectOption('the server: redis://HOST:PORT, rediss://HOST:PORT (TLS) or unix:/PATH'))
    .option(
      '--workers <n>',
      'trials at a time, one core each (default: the cores of this machine)',
      positiveInteger(1024),
    )
    .option('--allow-command', 'run the commands of children that studies name, which may do anything')
    .option('--serve', 'start a server on this machine first, and end it with this worker')
    .option(
      '--port <n>',
      `where --serve listens, on the loopback address only`,
      positiveInteger(65_535),
      usualPort,
    )
    .addHelpText(
      'after',
      `
Works in turn for all studies of the server whose build, data sets and arithmetic are those of this machine,
until it is stopped: Ctrl-C once finishes what runs, twice gives it back. The server's password is taken from
the URL or from ${passwordVariable}.

Examples:
  npx activation-search worker --serve
  npx activation-search search runs/quickstart.yaml --connect redis://127.0.0.1:${usualPort}
  npx activation-search worker --connect redis://127.0.0.1:${usualPort} --workers 4`,
    )
    .action(work);
}

async function work({ connect, serve, port, workers, allowCommand }: WorkerFlags): Promise<void> {
  if ((connect === undefined) === (serve !== true)) {
    throw new ActivationSearchError('usage', 'a worker is given either --connect URL or --serve.', {
      hint: 'Start a server and a worker with --serve, further workers with --connect.',
    });
  }
  const { server, end } = serve ? await ownServer(port) : await connected(connect as string);
  const logger = fileLogger(join(folder, 'worker.ndjson'), { supervisor: process.pid });
  const trainer = new WorkerPool({ ...(workers === undefined ? {} : { workers }), logger });
  const worker = new QueueWorker(server, {
    trainer,
    logger,
    allowCommand: allowCommand === true,
    say: printNote,
  });
  const release = onStops(worker);
  try {
    await worker.run();
  } finally {
    release();
    trainer.kill();
    await end();
  }
}

interface Connected {
  readonly server: QueueServer;
  readonly end: () => Promise<void>;
}

async function connected(url: string): Promise<Connected> {
  return { server: (await serverOf(url)) as QueueServer, end: async () => undefined };
}

/** A server of one's own, or the one that an earlier worker has left running there. */
async function ownServer(port: number): Promise<Connected> {
  const url = `redis://127.0.0.1:${port}`;
  try {
    const running = await connected(url);
    printNote(`a server runs at ${url} already: using it`);
    return running;
  } catch {
    const own = await startServer({
      folder,
      listen: { port },
      password: process.env[passwordVariable],
      say: printNote,
    });
    printNote(`a server listens at ${url}, for this machine only; its memory is kept in ${folder}`);
    return { server: own.server, end: () => own.stop() };
  }
}

/** The first signal finishes what runs, the second gives it back. Returns what ends this. */
function onStops(worker: QueueWorker): () => void {
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  let stopping = false;
  const stop = (): void => {
    if (stopping) worker.drop();
    else {
      printNote('stopping: finishing what runs; once more gives it back');
      worker.stop();
    }
    stopping = true;
  };
  for (const name of names) process.on(name, stop);
  return () => {
    for (const name of names) process.off(name, stop);
  };
}
