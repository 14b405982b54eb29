import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { beginHeartbeat } from '../../src/storage/heartbeat.ts';
import { Store } from '../../src/storage/store.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { sampleStudy } from './samples.ts';

test('a heartbeat stores the running time every ten seconds, until it ends, and tells what it fails of', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const store = Store.open(join(temporaryFolder(t), 'a.db'));
  t.after(() => store.close());
  const { id } = store.createStudy(sampleStudy('s'));
  const failures: unknown[] = [];
  let seconds = 12;
  const end = beginHeartbeat(store, id, {
    seconds: () => seconds,
    onFailure: (error) => failures.push(error),
  });
  t.mock.timers.tick(10_000);
  assert.equal(store.study('s').seconds, 12);
  store.releaseStudy(id);
  seconds = 22;
  t.mock.timers.tick(10_000);
  assert.deepEqual([store.study('s').seconds, failures.length], [12, 1]);
  assert.match(String(failures[0]), /no longer held/);
  end();
  t.mock.timers.tick(10_000);
  assert.equal(failures.length, 1);
});
