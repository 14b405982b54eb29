import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { ActivationSearchError } from '../../src/errors.ts';
import { searchSpaceFolder } from '../../src/paths.ts';
import { checkSpace, derivativeTolerance } from '../../src/search-space/check.ts';
import { listSearchSpaces } from '../../src/search-space/list.ts';
import { sampleCandidates } from '../../src/search-space/sample.ts';
import { loadSearchSpace, type SearchSpace, shippedSpaceNames } from '../../src/search-space/search-space.ts';
import { spaceFileJsonSchema } from '../../src/search-space/space-file.ts';
import { requireUsable } from '../../src/search-space/usable.ts';
import { temporaryFolder } from '../support/temporary.ts';

const folder = temporaryFolder({ after });
let files = 0;

function load(content: string): SearchSpace {
  const file = join(folder, `space-${++files}.yaml`);
  writeFileSync(file, content);
  return loadSearchSpace(file);
}

suite('the shipped spaces', () => {
  for (const name of shippedSpaceNames()) {
    test(`${name}: every derivative agrees with the difference quotient, no primitive is there twice, and it is usable`, () => {
      const space = loadSearchSpace(name);
      const { primitives, duplicates } = checkSpace(space);
      for (const { primitive, derivativeError, derivativeErrorBy } of primitives) {
        assert.ok(derivativeError < derivativeTolerance, `${primitive.name} by ${derivativeErrorBy}`);
      }
      assert.deepEqual(duplicates, []);
      assert.equal(primitives.length, space.unary.length + space.binary.length);
      requireUsable(space);
    });

    test(`${name}: its file tells editors where the schema is`, () => {
      const text = readFileSync(join(searchSpaceFolder, `${name}.yaml`), 'utf8');
      assert.match(text, /^# yaml-language-server: \$schema=\.\/schema\.json\n/);
    });
  }

  test('are listed with their sizes', () => {
    const sizes = listSearchSpaces().map((listed) =>
      'space' in listed ? [listed.name, listed.space.size] : listed,
    );
    assert.deepEqual(sizes, [
      ['extended', 44n * 44n * 14n],
      ['paper', 6250n],
      ['paper-subset', 500n],
      ['small', 108n],
    ]);
  });

  test('have a JSON Schema that is up to date: activation-search space schema > search-space/schema.json', () => {
    const written = readFileSync(join(searchSpaceFolder, 'schema.json'), 'utf8');
    assert.equal(written, `${JSON.stringify(spaceFileJsonSchema(), null, 2)}\n`);
  });

  test('extended takes over the paper and adds lines only', () => {
    const [paper, extended] = [loadSearchSpace('paper'), loadSearchSpace('extended')];
    assert.deepEqual(extended.unary.slice(0, 25), paper.unary);
    assert.deepEqual(extended.binary.slice(0, 10), paper.binary);
  });
});

suite('checking a space', () => {
  test('says where primitives are not finite, warns only where candidates are judged, and gives the place', () => {
    const { primitives, warnings } = checkSpace(
      load('unary:\n  - sqrt(x)\n  - exp(x)\nbinary:\n  - x1 / x2\n'),
    );
    assert.deepEqual(
      primitives.map(({ notFinite }) => notFinite.text),
      ['x < 0', 'x > 88.72', 'x2 = 0'],
    );
    assert.equal(warnings.length, 2);
    assert.match(warnings[0] ?? '', /space-\d+\.yaml:2:5: sqrt\(x\) is not finite for x < 0/);
    assert.match(warnings[1] ?? '', /:5:5: x1 \/ x2 is not finite for x2 = 0/);
  });

  test('says where a formula overflows in float32 as written, and warns where its stable form is not known', () => {
    const { primitives, warnings } = checkSpace(
      load(`unary:
  - log(cosh(x))
  - x*exp(x)/(1 + exp(x))
  - (exp(x) - exp(-x))/(exp(x) + exp(-x))
  - exp(x)/(2 + exp(x))
binary: [x1 + x2]
`),
    );
    assert.deepEqual(
      primitives.map(({ notFinite }) => notFinite.text),
      ['|x| > 89.42', 'x > 84.29', '|x| > 88.72', 'x > 88.72', ''],
    );
    assert.equal(warnings.length, 1);
    assert.match(
      warnings[0] ?? '',
      /:5:5: exp\(x\)\/\(2 \+ exp\(x\)\) is lost in float32 for x > 88\.72, where the function is finite/,
    );
  });

  test('describes a region of both inputs by its share and an example', () => {
    const { primitives } = checkSpace(load('unary: [x]\nbinary: ["sqrt(x1 + x2)"]\n'));
    assert.match(primitives[1]?.notFinite.text ?? '', /^4\d% of \[-5, 5\]\^2, such as x1 = -5, x2 = -5$/);
  });

  test('gives derivatives by each input and parameter', () => {
    const { primitives } = checkSpace(load('unary: [beta*x^2]\nbinary: [x1*x2]\n'));
    assert.deepEqual(
      primitives.map(({ derivatives }) => derivatives),
      [
        { x: '2*beta*x', beta: 'x^2' },
        { x1: 'x2', x2: 'x1' },
      ],
    );
  });

  test('finds what is there twice by what it does, for unary and binary primitives', () => {
    const { duplicates, warnings } = checkSpace(
      load(`unary:
  - max(x, 0)
  - relu: (x + |x|)/2
  - 2*x
  - twice: x + x
  - beta*x
  - gamma*x
binary:
  - x1 - x2
  - x2 - x1
  - minus: -(x2 - x1)
`),
    );
    assert.deepEqual(duplicates, [
      ['max(x, 0)', 'relu'],
      ['2*x', 'twice'],
      ['beta*x', 'gamma*x'],
      ['x1 - x2', 'minus'],
    ]);
    assert.ok(warnings.some((warning) => warning.includes('max(x, 0) and relu are the same function')));
  });

  test('warns of a binary primitive that leaves an input out', () => {
    const { warnings } = checkSpace(load('unary: [x]\nbinary: [x1^2, x1*x2, x1 - x1 + x2]\n'));
    assert.match(warnings.join(), /x1\^2 does not depend on x2/);
    assert.match(warnings.join(), /x1 - x1 \+ x2 does not depend on x1/);
  });

  test('does not warn of an input whose slope alone is 0, as that of a step', () => {
    const { warnings } = checkSpace(load('unary: [x]\nbinary: [step(x1)*x2, sign(x1)*sign(x2)]\n'));
    assert.doesNotMatch(warnings.join(), /does not depend/);
  });
});

suite('a space with no usable function', () => {
  for (const [why, content] of Object.entries({
    'all constant': 'unary: [1, 2]\nbinary: [x1 + x2]\n',
    'all straight lines': 'unary: [x, 2*x, beta*x]\nbinary: [x1 + x2, x1 - x2]\n',
    'never finite': 'unary: [sqrt(-1 - x^2)]\nbinary: [x1 + x2]\nunits: 3\n',
  })) {
    test(`is refused with the counts of reasons: ${why}`, () => {
      assert.throws(
        () => requireUsable(load(content)),
        (error: ActivationSearchError) => {
          assert.equal(error.exitCode, 2);
          assert.match(error.message, /holds no usable function: all \d+ candidates are refused \(\d+ /);
          assert.match(error.hint ?? '', /space check/);
          return true;
        },
      );
    });
  }

  test('is refused too where it is too large to look at all of it', () => {
    const powers = Array.from({ length: 30 }, (_, index) => `  - ${index + 2}*x\n`).join('');
    const space = load(`unary:\n${powers}binary: [x1 + x2, x1 - x2]\nunits: 2\n`);
    assert.throws(() => requireUsable(space), ActivationSearchError);
  });

  test('is told from a usable one of any size, without looking at all of it', () => {
    for (const units of [1, 2, 3]) {
      assert.doesNotThrow(() => requireUsable(loadSearchSpace('extended', { units })));
    }
  });
});

suite('sampled candidates', () => {
  test('are the same for the same seed, with their numbers, and simplified', () => {
    const space = loadSearchSpace('paper', { units: 3 });
    const draw = (seed: number) => [...sampleCandidates(space, 20, seed)];
    assert.deepEqual(draw(1), draw(1));
    assert.notDeepEqual(draw(1), draw(2));
    assert.equal(draw(1).length, 20);
    assert.ok(draw(1).every(({ index }) => index >= 0n && index < space.size));
  });
});
