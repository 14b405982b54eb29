import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const wheelName = 'tensorflow_cpu-2.18.1-cp310-cp310-manylinux_2_17_x86_64.manylinux2014_x86_64.whl';
const wheelBytes = 230_090_190;

/**
 * How an index fails its users: `tampered` serves other bytes under the wheel's name, `truncated` closes the
 * connection in the middle, `slow` never comes to an end, `endless` sends as many bytes as the wheel has.
 */
export type IndexFault = 'tampered' | 'truncated' | 'slow' | 'endless';

export interface PackageIndex {
  /** The environment that makes pip use this index and no other source. */
  readonly environment: Readonly<Record<string, string>>;
  /** Fulfilled when the wheel is first asked for. */
  readonly asked: Promise<void>;
  close(): Promise<void>;
}

/** A package index on this machine that is at fault, for pip to meet over HTTP. */
export async function startPackageIndex(fault: IndexFault): Promise<PackageIndex> {
  let noteAsked = (): void => undefined;
  const asked = new Promise<void>((resolve) => {
    noteAsked = resolve;
  });
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/simple/')) sendPage(response);
    else {
      noteAsked();
      sendWheel(response, fault);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    environment: { ...pipAlone, PIP_INDEX_URL: `http://127.0.0.1:${port}/simple` },
    asked,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** pip with no sources but the one that is named, and no patience. */
const pipAlone = {
  PIP_CONFIG_FILE: '/dev/null',
  PIP_FIND_LINKS: '',
  PIP_EXTRA_INDEX_URL: '',
  PIP_RETRIES: '0',
  PIP_TIMEOUT: '5',
};

/**
 * No index for pip, no host for tfjs-node's installer and no registry for npm: nothing listens on that port.
 */
export const noNetwork: Readonly<Record<string, string>> = {
  ...pipAlone,
  PIP_INDEX_URL: 'http://127.0.0.1:9/simple',
  TFJS_NODE_CDN_STORAGE: 'https://127.0.0.1:9/',
  TFJS_NODE_BASE_URI: 'https://127.0.0.1:9/libtensorflow-',
  npm_config_registry: 'http://127.0.0.1:9/',
  npm_config_fetch_retries: '0',
};

function sendPage(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/html' });
  response.end(`<!DOCTYPE html><html><body><a href="/files/${wheelName}">${wheelName}</a></body></html>`);
}

function sendWheel(response: ServerResponse, fault: IndexFault): void {
  const piece = Buffer.alloc(1 << 20, 7);
  const length = fault === 'tampered' ? piece.length : wheelBytes;
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': length });
  if (fault === 'tampered') response.end(piece);
  else if (fault === 'truncated') response.write(piece, () => response.destroy());
  else if (fault === 'slow') response.write(piece);
  else sendAll(response, piece, length);
}

function sendAll(response: ServerResponse, piece: Buffer, length: number): void {
  let sent = 0;
  const more = (): void => {
    while (sent < length && !response.destroyed) {
      const part = piece.subarray(0, Math.min(piece.length, length - sent));
      sent += part.length;
      if (!response.write(part)) {
        response.once('drain', more);
        return;
      }
    }
    response.end();
  };
  more();
}
