import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { activeUnits } from '../../src/controllers/core-units.ts';
import { type MutationName, mutations } from '../../src/controllers/mutation.ts';
import { neutralUnits } from '../../src/controllers/neutral.ts';
import { evaluate } from '../../src/expression/evaluate.ts';
import { call, type Expression, fold, number } from '../../src/expression/expression.ts';
import { sameFunction } from '../../src/expression/fingerprint.ts';
import { Random } from '../../src/random.ts';
import {
  areTokens,
  createSearchSpace,
  loadSearchSpace,
  type SearchSpace,
  sampleTokens,
  tokensPerUnit,
  tokensToExpression,
} from '../../src/search-space/search-space.ts';

const subset = [1, 2, 3].map((units) => loadSearchSpace('paper-subset', { units }));
const paper = [1, 2, 3].map((units) => loadSearchSpace('paper', { units }));
const small = [1, 2, 3].map((units) => loadSearchSpace('small', { units }));
const spaces = [...subset, ...paper, ...small];

/** A space, a sequence of it and a generator, all from one seed. */
const cases = (from: readonly SearchSpace[]) =>
  fc.tuple(fc.constantFrom(...from), fc.integer()).map(([space, seed]) => {
    const random = Random.fromSeed('mutation', seed);
    return { space, tokens: sampleTokens(space, random), random };
  });

function forEachMutant(
  name: MutationName,
  from: readonly SearchSpace[],
  check: (space: SearchSpace, tokens: readonly number[], mutant: number[] | undefined) => void,
  numRuns = 300,
): void {
  fc.assert(
    fc.property(cases(from), ({ space, tokens, random }) => {
      const before = [...tokens];
      const mutant = mutations[name].mutate(space, tokens, random);
      assert.deepEqual(tokens, before, 'the parent stays as it was');
      if (mutant) assert.ok(areTokens(space, mutant), `${tokens} became ${mutant}`);
      check(space, tokens, mutant);
    }),
    { numRuns },
  );
}

/** The function with all parameters fixed at their initial values. */
function atBirth(space: SearchSpace, tokens: readonly number[]): Expression {
  return fold<Expression>(tokensToExpression(space, tokens), {
    number: (node) => node,
    variable: (node) => node,
    parameter: (node) => number(node.initial),
    call: (node, operands) => call(node.operator, ...operands),
  });
}

function sameAtBirth(space: SearchSpace, first: readonly number[], second: readonly number[]): boolean {
  return sameFunction(atBirth(space, first), atBirth(space, second));
}

const primitivesOf = (tokens: readonly number[]): number[] =>
  tokens.filter((_, position) => position % tokensPerUnit >= 2).sort((a, b) => a - b);

suite('mutation token', () => {
  test('changes one token, of an active unit', () => {
    forEachMutant('token', spaces, (space, tokens, mutant) => {
      assert.ok(mutant);
      const changed = tokens.flatMap((token, position) => (token === mutant[position] ? [] : [position]));
      assert.equal(changed.length, 1);
      const unit = Math.floor((changed[0] as number) / tokensPerUnit) + 1;
      assert.ok(activeUnits(space, tokens).includes(unit));
    });
  });

  test('reaches every other choice at every position of active units', () => {
    const [space] = small as [SearchSpace];
    const random = Random.fromSeed('reach');
    const tokens = [0, 0, 1, 2, 1];
    const reached = new Set<string>();
    for (let count = 0; count < 2000; count++) {
      reached.add(String(mutations.token.mutate(space, tokens, random)));
    }
    const others = space.tokenCounts.reduce((sum, count) => sum + count - 1, 0);
    assert.equal(reached.size, others);
    assert.ok(!reached.has(String(tokens)));
  });
});

suite('mutation swap', () => {
  test('exchanges inputs and unary functions of one active unit and nothing else', () => {
    forEachMutant('swap', spaces, (space, tokens, mutant) => {
      if (!mutant) return;
      const changed = activeUnits(space, tokens).filter((number) => {
        const [a, b, c, d, e] = unitOf(mutant, number);
        const before = unitOf(tokens, number);
        if (String([a, b, c, d, e]) === String(before)) return false;
        assert.deepEqual([b, a, d, c, e], before);
        return true;
      });
      assert.equal(changed.length, 1);
      assert.equal(tokens.filter((token, position) => token !== mutant[position]).length <= 4, true);
    });
  });

  test('keeps the function where the binary is commutative', () => {
    const [space] = paper as [SearchSpace];
    const commutative = ['x1 + x2', 'x1 * x2', 'max(x1, x2)', 'min(x1, x2)'];
    let swapped = 0;
    forEachMutant('swap', [space], (_, tokens, mutant) => {
      const name = space.binary[tokens[4] as number]?.name as string;
      if (!mutant || !commutative.includes(name)) return;
      swapped += 1;
      assert.ok(sameFunction(tokensToExpression(space, tokens), tokensToExpression(space, mutant)));
    });
    assert.ok(swapped > 10);
  });

  test('has nothing to do where both branches are alike', () => {
    const [space] = paper as [SearchSpace];
    assert.equal(mutations.swap.mutate(space, [0, 0, 3, 3, 6], Random.fromSeed(1)), undefined);
  });
});

suite('mutation exchange', () => {
  test('exchanges two branches of different active units and nothing else', () => {
    let exchanged = 0;
    forEachMutant('exchange', spaces, (space, tokens, mutant) => {
      if (space.units === 1) assert.equal(mutant, undefined);
      if (!mutant) return;
      exchanged += 1;
      const differing = activeUnits(space, tokens).flatMap((number) =>
        [0, 1].flatMap((side) => {
          const [before, after] = [branchOf(tokens, number, side), branchOf(mutant, number, side)];
          return String(before) === String(after) ? [] : [{ number, before, after }];
        }),
      );
      const [first, second] = differing;
      assert.ok(first && second && differing.length === 2 && first.number !== second.number);
      assert.deepEqual([first.before, second.before], [second.after, first.after]);
      assert.deepEqual(primitivesOf(mutant), primitivesOf(tokens));
    });
    assert.ok(exchanged > 10);
  });
});

suite('mutation insert', () => {
  test('makes one more unit active and keeps the function at birth where the space has neutral units', () => {
    let inserted = 0;
    forEachMutant('insert', [...subset, ...paper], (space, tokens, mutant) => {
      const active = activeUnits(space, tokens).length;
      assert.equal(mutant === undefined, active === space.units);
      if (!mutant) return;
      inserted += 1;
      assert.equal(activeUnits(space, mutant).length, active + 1);
      assert.ok(sameAtBirth(space, tokens, mutant), `${tokens} became ${mutant}`);
    });
    assert.ok(inserted > 10);
  });

  test('inserts some units, such as max(u, u), that keep the function at any value of the parameters', () => {
    let [inserted, equal] = [0, 0];
    forEachMutant('insert', subset.slice(1), (space, tokens, mutant) => {
      if (!mutant) return;
      inserted += 1;
      if (sameFunction(tokensToExpression(space, tokens), tokensToExpression(space, mutant))) equal += 1;
    });
    assert.ok(equal > inserted / 10);
  });

  test('inserts the unit nearest to a neutral one where the space has none', () => {
    const [space] = small as [SearchSpace];
    assert.equal(neutralUnits(space).length, 1);
    forEachMutant('insert', small, (of, tokens, mutant) => {
      if (mutant) assert.equal(activeUnits(of, mutant).length, activeUnits(of, tokens).length + 1);
    });
  });
});

suite('mutation remove', () => {
  test('leaves fewer units active', () => {
    let removed = 0;
    forEachMutant('remove', spaces, (space, tokens, mutant) => {
      if (activeUnits(space, tokens).length === 1) assert.equal(mutant, undefined);
      if (!mutant) return;
      removed += 1;
      assert.ok(activeUnits(space, mutant).length < activeUnits(space, tokens).length);
    });
    assert.ok(removed > 10);
  });

  test('keeps the function at birth where it takes away a neutral unit', () => {
    fc.assert(
      fc.property(cases([...subset.slice(1), ...paper.slice(1)]), ({ space, tokens, random }) => {
        const grown = mutations.insert.mutate(space, tokens, random);
        if (!grown) return;
        const shrunk = Array.from({ length: 40 }, () => mutations.remove.mutate(space, grown, random));
        const back = shrunk.some((mutant) => mutant && sameAtBirth(space, tokens, mutant));
        assert.ok(back, `${tokens} grew to ${grown}, and no removal led back`);
      }),
      { numRuns: 60 },
    );
  });
});

suite('mutation unwrap', () => {
  test('turns one unary function of an active unit into x', () => {
    let unwrapped = 0;
    forEachMutant('unwrap', [...paper, ...subset], (space, tokens, mutant) => {
      const isBare = (position: number): boolean =>
        space.unary[tokens[position] as number]?.expression.kind === 'variable';
      const wrapped = activeUnits(space, tokens).flatMap((unit) =>
        [2, 3].map((place) => (unit - 1) * tokensPerUnit + place).filter((position) => !isBare(position)),
      );
      assert.equal(mutant !== undefined, wrapped.length > 0);
      if (!mutant) return;
      unwrapped += 1;
      const changed = tokens.flatMap((token, position) => (token === mutant[position] ? [] : [position]));
      assert.equal(changed.length, 1);
      const [position] = changed as [number];
      assert.ok(wrapped.includes(position));
      assert.equal(space.unary[mutant[position] as number]?.expression.kind, 'variable');
    });
    assert.ok(unwrapped > 10);
  });

  test('leads from the neighbors of Swish to it', () => {
    const [space] = paper as [SearchSpace];
    const at = (name: string): number => space.unary.findIndex((one) => one.name === name);
    const gate = space.binary.findIndex(({ name }) => name === 'sigmoid(x1) * x2');
    const random = Random.fromSeed('neighbors');
    const mutants = Array.from({ length: 40 }, () =>
      mutations.unwrap.mutate(space, [0, 0, at('x'), at('asinh(x)'), gate], random),
    );
    assert.deepEqual([...new Set(mutants.map(String))], [String([0, 0, at('x'), at('x'), gate])]);
    assert.equal(mutations.unwrap.mutate(space, [0, 0, at('x'), at('x'), gate], random), undefined);
  });

  test('has nothing to do in a space without the unary x', () => {
    const [space] = small as [SearchSpace];
    const wrapped = createSearchSpace({ ...space, unary: space.unary.slice(1) });
    assert.equal(mutations.unwrap.mutate(wrapped, [0, 0, 0, 1, 0], Random.fromSeed(1)), undefined);
  });
});

test('mutations alone lead from one sequence to every other', () => {
  const [space] = small as [SearchSpace];
  const random = Random.fromSeed('walk');
  const names = Object.keys(mutations) as MutationName[];
  const reached = new Set<string>();
  let tokens = space.tokenCounts.map(() => 0);
  for (let step = 0; step < 20_000; step++) {
    tokens = mutations[random.pick(names)].mutate(space, tokens, random) ?? tokens;
    reached.add(String(tokens));
  }
  assert.equal(BigInt(reached.size), space.size);
});

test('neutral units are x at the initial values of their parameters, on the whole line', () => {
  for (const space of [subset[0], paper[0], loadSearchSpace('extended')] as SearchSpace[]) {
    const units = neutralUnits(space);
    assert.ok(units.length > 10);
    for (const [unary1, unary2, binary] of units) {
      const expression = tokensToExpression(space, [0, 0, unary1, unary2, binary]);
      for (const x of [-20, -3.3, -0.01, 0, 0.2, 5, 20]) {
        assert.ok(Math.abs(evaluate(expression, { x }) - x) < 1e-6, `${units} at ${x}`);
      }
    }
  }
});

function unitOf(tokens: readonly number[], number: number): readonly number[] {
  return tokens.slice((number - 1) * tokensPerUnit, number * tokensPerUnit);
}

function branchOf(tokens: readonly number[], number: number, side: number): readonly unknown[] {
  const unit = unitOf(tokens, number);
  return [unit[side], unit[2 + side]];
}
