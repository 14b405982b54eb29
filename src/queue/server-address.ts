import { isIP } from 'node:net';
import { ActivationSearchError } from '../errors.ts';

/** Where a Redis or Valkey server listens, and how to log in. */
export interface ServerAddress {
  /** The address as people may see it: without user and password. */
  readonly shown: string;
  readonly options: {
    readonly host?: string;
    readonly port?: number;
    /** A Unix socket, instead of host and port. */
    readonly path?: string;
    readonly db?: number;
    readonly username?: string;
    readonly password?: string;
    readonly tls?: { readonly servername?: string };
  };
}

/** The variable that holds the server's password, where the URL does not. */
export const passwordVariable = 'ACTIVATION_SEARCH_QUEUE_PASSWORD';

const usualPort = 6379;
const forms = 'redis://HOST:PORT, rediss://HOST:PORT (TLS) or unix:/PATH/OF/SOCKET';

/**
 * Reads the URL of a server. A password in the URL wins over the one in the environment. No message repeats a
 * URL, because it may hold a password.
 */
export function serverAddress(
  given: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ServerAddress {
  const own = environment[passwordVariable];
  const fromEnvironment = own ? { password: own } : {};
  if (given.startsWith('unix:/')) {
    const path = given.slice('unix:'.length).replace(/^\/+/, '/');
    return { shown: `unix:${path}`, options: { path, ...fromEnvironment } };
  }
  if (!URL.canParse(given)) throw wrong('it is no URL, or its port is no number from 1 to 65535');
  const { protocol, hostname, port, pathname, username, password } = new URL(given);
  if (protocol !== 'redis:' && protocol !== 'rediss:') throw wrong(`it begins with "${protocol}"`);
  if (hostname === '') throw wrong('it names no host');
  if (!/^\/?\d*$/.test(pathname)) throw wrong(`"${pathname}" is no number of a database`);
  const isTls = protocol === 'rediss:';
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const db = Number(pathname.slice(1));
  return {
    shown: `${protocol}//${hostname}:${port || usualPort}${db === 0 ? '' : `/${db}`}`,
    options: {
      host,
      port: Number(port || usualPort),
      db,
      ...fromEnvironment,
      ...(username ? { username: unescaped(username) } : {}),
      ...(password ? { password: unescaped(password) } : {}),
      // A certificate is asked for by name, which an IP address is not.
      ...(isTls ? { tls: isIP(host) ? {} : { servername: host } } : {}),
    },
  };
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw wrong('user or password holds a "%" that is not written as %25');
  }
}

function wrong(why: string): ActivationSearchError {
  return new ActivationSearchError('server', `the address of --connect cannot be used: ${why}.`, {
    hint: `Give ${forms}`,
  });
}
