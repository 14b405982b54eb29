import { type ServerType, serve } from '@hono/node-server';
import { ActivationSearchError } from '../errors.ts';
import { dashboardApp } from './app.ts';
import { prepareCards } from './candidate-page.ts';
import { WatchedDatabase } from './watched-database.ts';

export interface DashboardOptions {
  readonly file: string;
  readonly host: string;
  readonly port: number;
}

export interface Dashboard {
  readonly url: string;
  readonly port: number;
  /** Ends it at once, open pages too. */
  close(): void;
}

const mostPorts = 50;

/** Serves the pages of a database at the port, or at the next one that is free. */
export async function serveDashboard({ file, host, port }: DashboardOptions): Promise<Dashboard> {
  if (host.trim() === '') {
    throw new ActivationSearchError('usage', 'the host is empty: that would serve the whole network.', {
      hint: 'Leave --host out for this machine alone, or name an address: --host 0.0.0.0 for all.',
    });
  }
  const database = new WatchedDatabase(file);
  const app = dashboardApp(database, host);
  for (let tried = port; tried < port + mostPorts && tried <= 65_535; tried++) {
    const server = await listening(app, host, tried);
    if (!server) continue;
    setImmediate(prepareCards);
    const address = server.address();
    const own = typeof address === 'object' && address ? address.port : tried;
    return {
      url: `http://${host.includes(':') ? `[${host}]` : host}:${own}/`,
      port: own,
      close: () => {
        server.close();
        if ('closeAllConnections' in server) server.closeAllConnections();
        database.close();
      },
    };
  }
  throw new ActivationSearchError('usage', `no port from ${port} on is free.`, {
    hint: 'Give another one with --port, or 0 for any.',
  });
}

/** The server, or undefined where the port is in use. */
function listening(
  { fetch }: ReturnType<typeof dashboardApp>,
  hostname: string,
  port: number,
): Promise<ServerType | undefined> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, hostname, port }, () => resolve(server));
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(unusableAddress(hostname, port, error));
    });
  });
}

function unusableAddress(host: string, port: number, error: NodeJS.ErrnoException): ActivationSearchError {
  const hint =
    error.code === 'EACCES' ? 'Give a port from 1024 on.' : 'Give an address of this machine with --host.';
  return new ActivationSearchError('usage', `${host}, port ${port} cannot be used: ${error.message}.`, {
    hint,
    cause: error,
  });
}
