import assert from 'node:assert/strict';
import { test } from 'node:test';
import { knownFormula, knownFunction, knownFunctions, plain } from '../../src/catalog/catalog.ts';
import { FunctionIndex } from '../../src/expression/fingerprint.ts';
import { print } from '../../src/expression/notation.ts';
import { refuse } from '../../src/expression/refusal.ts';
import { simplify } from '../../src/expression/simplify.ts';
import { fragileRegion } from '../../src/search-space/regions.ts';

test('at least 100 functions are known, each with year and source', () => {
  assert.ok(knownFunctions().length >= 100, String(knownFunctions().length));
});

test('names and aliases are unique, however they are capitalized', () => {
  const names = knownFunctions().flatMap(({ name, aliases }) => [...new Set([name, ...aliases].map(plain))]);
  assert.deepEqual(
    names.filter((name, index) => names.indexOf(name) !== index),
    [],
  );
});

test('no function is there twice, and each can be trained', () => {
  const index = new FunctionIndex();
  knownFunctions().forEach(({ name, expression, also }, id) => {
    const refusal = refuse(simplify(expression));
    assert.ok(!refusal, `${name}: ${refusal?.reason}`);
    assert.equal(fragileRegion(simplify(expression)).text, '', `${name} in float32`);
    for (const spelling of [expression, ...also]) {
      const same = index.find(spelling);
      assert.equal(
        same,
        undefined,
        `${print(spelling)} of ${name} is that of ${knownFunctions()[same ?? 0]?.name}`,
      );
      index.add(spelling, id);
    }
  });
});

test('a function is found by name and alias', () => {
  assert.equal(knownFunction('hard_swish')?.name, 'Hard Swish');
  assert.equal(knownFunction('HardSwish')?.name, 'Hard Swish');
  assert.equal(knownFunction('silu')?.name, 'SiLU');
  assert.equal(knownFunction('Swish-1')?.name, 'SiLU');
  assert.equal(knownFunction('nothing'), undefined);
  assert.equal(knownFormula('GELU'), '0.5*x*(1 + erf(x/sqrt(2)))');
});
