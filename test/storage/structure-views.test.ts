import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { coreUnits, loadSearchSpace } from '../../src/search-space/search-space.ts';
import { Store } from '../../src/storage/store.ts';
import type { Candidate } from '../../src/study/candidate.ts';
import { formulasPlanOf, planOf, sit } from '../search/support.ts';
import { temporaryFolder } from '../support/temporary.ts';

suite('views on the structure of candidates', () => {
  const folder = temporaryFolder({ after });
  let store: Store;
  let proposals: readonly Candidate[];

  before(async () => {
    const evolution = { kind: 'evolution', options: { population: 10, sample: 5 } };
    const settings = { units: 2, children: ['tiny-synthetic'], candidates: 80, batch: 10 };
    await sit(folder, planOf({ ...settings, controller: evolution }));
    store = Store.open(join(folder, 'test.db'), { readonly: true });
    proposals = store.candidatesOf(store.study('s').id).filter(({ tokens }) => tokens !== null);
  });
  after(() => store.close());

  test('slots are the primitives that the tokens choose', () => {
    const space = loadSearchSpace('small', { units: 2 });
    const expected = proposals.flatMap(({ id, tokens }) =>
      coreUnits(space, tokens as number[]).flatMap(({ unary1, unary2, binary }, unit) =>
        [unary1, unary2, binary].map(({ name, formula }, slot) => [
          ...['s', id, unit + 1],
          ...[['unary1', 'unary2', 'binary'][slot], name, formula],
        ]),
      ),
    );
    const { rows } = store.query(
      "SELECT * FROM slots ORDER BY candidate, unit, CASE slot WHEN 'binary' THEN 'v' ELSE slot END",
    );
    assert.deepEqual([...rows], expected);
  });

  test('neighbors are all pairs of proposals whose tokens differ in one place', () => {
    const slots = ['input1', 'input2', 'unary1', 'unary2', 'binary'];
    const expected = proposals.flatMap((one) =>
      proposals.flatMap((other) => {
        const places = (one.tokens as number[]).flatMap((token, place) =>
          token === other.tokens?.[place] ? [] : [place],
        );
        const [place] = places;
        if (places.length !== 1 || place === undefined) return [];
        return [[one.id, other.id, Math.floor(place / 5) + 1, slots[place % 5]]];
      }),
    );
    assert.ok(expected.length > 0);
    const { rows } = store.query('SELECT candidate, neighbor, unit, slot FROM neighbors ORDER BY 1, 2');
    assert.deepEqual([...rows], expected);
  });

  test('neighbors name both choices', () => {
    const { rows } = store.query(`
      SELECT n.slot, n.choice, n.neighbor_choice, own.primitive, other.primitive
      FROM neighbors AS n
      LEFT JOIN slots AS own ON own.candidate = n.candidate AND own.unit = n.unit AND own.slot = n.slot
      LEFT JOIN slots AS other ON other.candidate = n.neighbor AND other.unit = n.unit AND other.slot = n.slot`);
    for (const [slot, choice, neighborChoice, primitive, neighborPrimitive] of rows) {
      if (!String(slot).startsWith('input')) {
        assert.deepEqual([choice, neighborChoice], [primitive, neighborPrimitive]);
      } else {
        assert.match(`${choice}, ${neighborChoice}`, /^(x, unit 1|unit 1, x)$/);
      }
      assert.notEqual(choice, neighborChoice);
    }
  });
});

test('given formulas have neither slots nor neighbors', async (t) => {
  const folder = temporaryFolder(t);
  await sit(folder, formulasPlanOf(['tanh(x)', 'sin(x)', 'max(x, 0)'], { baselines: true }));
  const store = Store.open(join(folder, 'test.db'), { readonly: true });
  t.after(() => store.close());
  const { rows } = store.query('SELECT (SELECT count(*) FROM slots), (SELECT count(*) FROM neighbors)');
  assert.deepEqual([...rows], [[0, 0]]);
});
