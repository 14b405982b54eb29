import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { hostname } from 'node:os';
import { test } from 'node:test';
import { heldBy, isAlive, staleAfter, startOf, thisProcess } from '../../src/storage/holder.ts';

const now = Date.parse('2026-01-01T00:00:00Z');
const heartbeatAt = new Date(now).toISOString();

test('this process lives, and its start does not change', () => {
  assert.equal(thisProcess().pid, process.pid);
  assert.equal(startOf(process.pid), thisProcess().started);
  assert.ok(isAlive({ ...thisProcess(), heartbeatAt }, now));
});

test('a process that has ended, or a later one with its number, is dead', () => {
  const { pid } = spawnSync(process.execPath, ['--version']);
  assert.equal(startOf(pid), undefined);
  const gone = { pid, host: hostname(), started: 'x', heartbeatAt };
  assert.ok(!isAlive(gone, now));
  assert.ok(!isAlive({ ...thisProcess(), started: 'another start', heartbeatAt }, now));
});

test('a process on another host lives as long as its heartbeats are fresh', () => {
  const far = { pid: process.pid, host: `not ${hostname()}`, started: 'x', heartbeatAt };
  assert.ok(isAlive(far, now + (staleAfter - 1) * 1000));
  assert.ok(!isAlive(far, now + (staleAfter + 1) * 1000));
  assert.match(heldBy('s', far, 'a.db').hint ?? '', /Last heard of at 2026-01-01/);
});

test('without /proc the start comes from ps', (t) => {
  if (spawnSync('ps', ['-o', 'lstart=', '-p', '1']).status !== 0) return t.skip('needs the program ps');
  const started = startOf(process.pid, 'darwin');
  assert.match(started ?? '', /\d\d:\d\d:\d\d \d{4}$/);
  assert.equal(startOf(process.pid, 'darwin'), started);
  assert.equal(startOf(2 ** 22 + 1, 'darwin'), undefined);
});
