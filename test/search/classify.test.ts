import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parse } from '../../src/expression/notation.ts';
import { baselineCandidate, Classifier } from '../../src/search/classify.ts';
import { type NewCandidate, storedCandidate } from '../../src/study/candidate.ts';

/** Judges formulas one after the other, as proposals 1, 2, 3, … */
function classify(formulas: readonly string[], classifier = new Classifier(undefined, [])): NewCandidate[] {
  return formulas.map((formula, index) => classifier.classify(index + 1, [index], parse(formula)));
}

suite('classification of proposals', () => {
  test('a new function waits for training, simplified and described', () => {
    const [candidate] = classify(['1*sigmoid(x)*x + 0']);
    assert.deepEqual([candidate?.number, candidate?.tokens, candidate?.name], [1, [0], null]);
    assert.equal(candidate?.expression, 'sigmoid(x)*x');
    assert.deepEqual([candidate?.status, candidate?.owner, candidate?.gated], ['waiting', null, true]);
    assert.match(candidate?.fingerprint ?? '', /./);
  });

  test('a function that no network can use is refused, with code and reason', () => {
    const refused = classify(['x - x', '2*x + 1', '5000*x*x']);
    assert.deepEqual(
      refused.map(({ status, reasonCode }) => [status, reasonCode]),
      [
        ['refused', 'constant'],
        ['refused', 'affine'],
        ['refused', 'too-steep'],
      ],
    );
    assert.ok(refused.every(({ reason, owner }) => reason && owner === null));
  });

  test('an equal function is known by the number of the first, and has its fingerprint', () => {
    const [first, other, again] = classify(['x*sigmoid(x)', 'tanh(x)', 'x/(1 + exp(-x))']);
    assert.deepEqual([other?.status, again?.status, again?.owner], ['waiting', 'known', 1]);
    assert.equal(again?.fingerprint, first?.fingerprint);
  });

  test('a refused function owns no score: the next equal one is refused too', () => {
    assert.deepEqual(
      classify(['2*x', 'x + x']).map(({ status }) => status),
      ['refused', 'refused'],
    );
  });

  test('mirrored parameters are one function where reflections are trained once', () => {
    const formulas = ['beta[0.5]*tanh(x) + (1 - beta[0.5])*x', '(1 - beta[0.5])*tanh(x) + beta[0.5]*x'];
    for (const [reflections, status] of [
      ['each', 'waiting'],
      ['once', 'known'],
    ] as const) {
      const [, mirrored] = classify(formulas, new Classifier(undefined, [], reflections));
      assert.equal(mirrored?.status, status);
    }
  });

  test('the target is found as the same function, and as the same once all parameters are 1', () => {
    const classifier = new Classifier(parse('x*sigmoid(beta*x)'), []);
    const matches = classify(['x*sigmoid(x)', 'x/(1 + exp(-beta*x))', 'x*sigmoid(2*x)'], classifier);
    assert.deepEqual(
      matches.map(({ target }) => target),
      ['equal-at-1', 'equal', null],
    );
  });

  test('stored candidates are known, but baselines and refused ones are not', () => {
    const place = { id: 1, studyId: 1, batch: 1, sameAs: null };
    const [trained, refused] = classify(['sin(x)*x', '3*x']).map((one) => storedCandidate(one, place));
    const baseline = storedCandidate(baselineCandidate(0, { name: 'ReLU', formula: 'max(x, 0)' }), {
      ...place,
      batch: 0,
    });
    assert.ok(trained && refused);
    const classifier = new Classifier(undefined, [baseline, { ...trained, status: 'complete' }, refused]);
    assert.deepEqual(
      ['x*sin(x)', 'max(0, x)', '3*x'].map((formula, index) => {
        const { status, owner } = classifier.classify(10 + index, [], parse(formula));
        return [status, owner];
      }),
      [
        ['known', 1],
        ['waiting', null],
        ['refused', null],
      ],
    );
  });

  test('a baseline is kept as it is written, and always trained', () => {
    const relu = baselineCandidate(0, { name: 'ReLU', formula: 'max(x, 0)' });
    assert.deepEqual(
      [relu.number, relu.name, relu.expression, relu.status],
      [-1, 'ReLU', 'max(x, 0)', 'waiting'],
    );
    assert.equal(baselineCandidate(3, { name: 'Linear', formula: '1*x' }).expression, '1*x');
  });
});

test('a function is known by what it does, whatever fingerprint an earlier version stored with it', () => {
  const first = new Classifier(undefined, []).classify(1, [0], parse('x*sigmoid(x)'));
  const stored = storedCandidate(
    { ...first, fingerprint: '0123456789abcdef' },
    { id: 7, studyId: 1, batch: 1, sameAs: null },
  );
  const classifier = new Classifier(undefined, [stored]);
  const again = classifier.classify(2, [1], parse('x*exp(x)/(1 + exp(x))'));
  assert.deepEqual([again.status, again.owner, again.fingerprint], ['known', 1, '0123456789abcdef']);
  assert.equal(classifier.classify(3, [2], parse('x*sigmoid(2*x)')).status, 'waiting');
});

test('functions that part only beyond ±10 are both trained, in either order', () => {
  for (const order of [
    ['max(x, 0)', 'min(max(x, 0), 20)'],
    ['min(max(x, 0), 20)', 'max(x, 0)'],
  ]) {
    const classifier = new Classifier(undefined, []);
    const statuses = order.map(
      (formula, index) => classifier.classify(index, [index], parse(formula)).status,
    );
    assert.deepEqual(statuses, ['waiting', 'waiting']);
  }
});

test('of several spellings of a function the first is trained and none is refused, whatever their order', () => {
  const spellings = ['max(x, 0)*sqrt(max(x, 0))', 'max(x, 0)^1.5', 'sqrt(max(x, 0)^3)'];
  for (const first of spellings) {
    const classifier = new Classifier(undefined, []);
    const order = [first, ...spellings.filter((spelling) => spelling !== first)];
    const statuses = order.map(
      (formula, index) => classifier.classify(index, [index], parse(formula)).status,
    );
    assert.deepEqual(statuses, ['waiting', 'known', 'known'], first);
  }
});
