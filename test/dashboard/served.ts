import { request } from 'node:http';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type Dashboard, serveDashboard } from '../../src/dashboard/serve.ts';
import { Store } from '../../src/storage/store.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** A dashboard of a new database, ended with the test. */
export async function served(context: TestContext, fill: (store: Store) => void) {
  const folder = temporaryFolder(context);
  const file = join(folder, 'studies.db');
  const store = Store.open(file);
  fill(store);
  store.close();
  const dashboard = await serveDashboard({ file, host: '127.0.0.1', port: 0 });
  context.after(() => dashboard.close());
  return { folder, file, dashboard };
}

/** What a dashboard answers. */
export function get(
  { port }: Dashboard,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
): Promise<{ status: number | undefined; body: string; headers: Readonly<Record<string, unknown>> }> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      let body = '';
      response
        .setEncoding('utf8')
        .on('data', (text: string) => {
          body += text;
        })
        .on('end', () => resolve({ status: response.statusCode, body, headers: response.headers }));
    })
      .on('error', reject)
      .end();
  });
}
