import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { type PageOrder, pageOrders } from '../../src/storage/candidate-pages.ts';
import { Store } from '../../src/storage/store.ts';
import type { Candidate } from '../../src/study/candidate.ts';
import type { CandidateStatus } from '../../src/study/statuses.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { fillStudy } from './samples.ts';

test('pages of one row, one after another, are the whole order without gaps and repeats', (context) => {
  const store = filled(context);
  for (const order of pageOrders) {
    for (const status of [undefined, 'complete', 'refused', 'diverged'] as const) {
      const whole = idsBy(store, order, 1000, status);
      assert.deepEqual(idsBy(store, order, 1, status), whole, `${order} ${status}`);
      assert.equal(new Set(whole).size, whole.length);
    }
  }
});

test('the order of ranks is that of the leaderboard, and candidates without a rank come behind', (context) => {
  const store = filled(context);
  const ranked = store
    .leaderboard('filled')
    .filter(({ rank }) => rank !== null)
    .map(({ id }) => id);
  assert.ok(ranked.length > 1);
  assert.deepEqual(idsBy(store, 'rank', 1000, 'complete'), ranked);
  assert.deepEqual(idsBy(store, 'rank', 1000).slice(0, ranked.length), ranked);
});

test('every order shows every candidate, or every one of a status, in that order', (context) => {
  const store = filled(context);
  const all = store.candidatesOf(1);
  const orders = {
    newest: (a: Candidate, b: Candidate) => b.number - a.number,
    simplest: (a: Candidate, b: Candidate) => a.complexity - b.complexity || a.id - b.id,
  };
  for (const status of [undefined, 'complete', 'refused', 'known', 'diverged'] as const) {
    const wanted = all.filter((candidate) => status === undefined || candidate.status === status);
    for (const [order, compare] of Object.entries(orders)) {
      assert.deepEqual(
        idsBy(store, order as PageOrder, 2, status),
        wanted.toSorted(compare).map(({ id }) => id),
        `${order} ${status}`,
      );
    }
    assert.deepEqual(
      idsBy(store, 'rank', 2, status).toSorted((a, b) => a - b),
      wanted.map(({ id }) => id).toSorted((a, b) => a - b),
    );
  }
});

test('counts add up to all candidates', (context) => {
  const store = filled(context);
  const counts = store.countsOf(1);
  const all = store.candidatesOf(1);
  assert.equal(
    counts.reduce((sum, { count }) => sum + count, 0),
    all.length,
  );
  assert.equal(
    counts.filter(({ status }) => status === 'refused').reduce((sum, { count }) => sum + count, 0),
    all.filter(({ status }) => status === 'refused').length,
  );
});

function filled(context: { after(clean: () => void): void }): Store {
  const store = Store.open(join(temporaryFolder(context), 'studies.db'));
  context.after(() => store.close());
  fillStudy(store, 'filled');
  fillStudy(store, 'another');
  return store;
}

function idsBy(store: Store, order: PageOrder, count: number, status?: CandidateStatus): readonly number[] {
  const found: Candidate[] = [];
  let after: number | null | undefined;
  do {
    const page = store.pageOf(1, {
      order,
      count,
      accepts: () => true,
      ...(status === undefined ? {} : { status }),
      ...(after == null ? {} : { after }),
    });
    found.push(...page.rows.map(({ candidate }) => candidate));
    after = page.next;
  } while (after !== null);
  return found.map(({ id }) => id);
}
