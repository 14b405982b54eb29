import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { loops } from '../../src/expression/loops.ts';
import { type OperatorName, operatorFor, operatorNames } from '../../src/expression/operators.ts';

const special = [
  0, 1, -1, 0.5, -0.5, 2, 3, -3, 1e-8, -1e-8, 1e-300, 1e4, -1e4, 88, 90, -104, 710, -750, 1e300,
];
const infinities = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
/** Without -0: the sign of zero carries no meaning. */
const values = fc
  .oneof(fc.constantFrom(...special, ...infinities), fc.double({ min: -20, max: 20, noNaN: true }))
  .map((value) => value + 0);

const having = (property: 'commutative' | 'associative' | 'idempotent' | 'nonNegative' | 'parity') =>
  operatorNames.filter((name) => operatorFor(name)[property] !== undefined);

function evaluate(name: OperatorName, a: number, b = Number.NaN): number {
  return operatorFor(name).evaluate(a, b);
}

/** The same value, NaN included; the sign of zero does not count. */
function assertSame(actual: number, expected: number, message: string): void {
  assert.ok(Object.is(actual, expected) || actual === expected, `${message}: ${actual} is not ${expected}`);
}

test('each loop gives bit for bit what its operator evaluates to', () => {
  const points = [
    ...special,
    ...infinities,
    Number.NaN,
    ...Array.from({ length: 50 }, (_, i) => (i - 25) * 0.371),
  ];
  for (const name of operatorNames) {
    for (const second of operatorFor(name).arity === 2 ? points : [0]) {
      const a = Float64Array.from(points);
      const out = new Float64Array(points.length);
      loops[name](out, a, new Float64Array(points.length).fill(second));
      const expected = Float64Array.from(a, (value) => evaluate(name, value, second));
      assert.deepEqual([...out], [...expected], `${name} with second operand ${second}`);
    }
  }
});

test('operators called commutative give the same for exchanged operands', () => {
  for (const name of having('commutative')) {
    fc.assert(
      fc.property(values, values, (a, b) => assertSame(evaluate(name, a, b), evaluate(name, b, a), name)),
    );
  }
});

test('operators called associative give the same for exchanged groups of small whole numbers', () => {
  const whole = fc.integer({ min: -1000, max: 1000 });
  for (const name of having('associative')) {
    fc.assert(
      fc.property(whole, whole, whole, (a, b, c) =>
        assertSame(evaluate(name, evaluate(name, a, b), c), evaluate(name, a, evaluate(name, b, c)), name),
      ),
    );
  }
});

test('operators called idempotent give back an operand that is given twice', () => {
  for (const name of having('idempotent')) {
    fc.assert(fc.property(values, (a) => assertSame(evaluate(name, a, a), a, name)));
  }
});

test('operators called even or odd are so exactly', () => {
  for (const name of having('parity')) {
    const sign = operatorFor(name).parity === 'odd' ? -1 : 1;
    fc.assert(fc.property(values, (a) => assertSame(evaluate(name, -a), sign * evaluate(name, a), name)));
  }
});

test('operators called non-negative never give less than 0', () => {
  for (const name of having('nonNegative')) {
    fc.assert(fc.property(values, values, (a, b) => assert.ok(!(evaluate(name, a, b) < 0), name)));
  }
});

test('values lie within the bounds that an operator states for intervals of operands', () => {
  const interval = fc.tuple(values, values).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const inside = ([low, high]: readonly [number, number], t: number) =>
    Number.isFinite(low) && Number.isFinite(high)
      ? Math.min(high, Math.max(low, low * (1 - t) + high * t))
      : t < 0.5
        ? low
        : high;
  for (const name of operatorNames) {
    const row = operatorFor(name);
    fc.assert(
      fc.property(interval, interval, share, share, (ia, ib, s, t) => {
        const bounds = row.bounds(ia, ib);
        if (!bounds) return;
        const value = row.evaluate(inside(ia, s), inside(ib, t));
        assert.ok(value >= bounds[0] && value <= bounds[1], `${name}: ${value} is not in [${bounds}]`);
      }),
      { numRuns: 300 },
    );
  }
});

test('NaN in an operand gives NaN', () => {
  for (const name of operatorNames) {
    const { arity } = operatorFor(name);
    for (const other of [1, -2, 0.5, Number.NaN]) {
      assertSame(evaluate(name, Number.NaN, other), Number.NaN, `${name}(NaN, ${other})`);
      if (arity === 2) assertSame(evaluate(name, other, Number.NaN), Number.NaN, `${name}(${other}, NaN)`);
    }
  }
});

test('ties and masks follow the stated convention', () => {
  assertSame(evaluate('sign', 0), 0, 'sign(0)');
  assertSame(evaluate('step', 0), 0.5, 'step(0)');
  assertSame(evaluate('step', -1e-300), 0, 'step just below 0');
  for (const wild of [...infinities, Number.NaN])
    assertSame(evaluate('masked', wild, 0), 0, `masked(${wild}, 0)`);
  assertSame(evaluate('masked', 2, 3), 6, 'masked(2, 3)');
  assertSame(evaluate('masked', 0, Number.POSITIVE_INFINITY), Number.NaN, 'masked(0, inf)');
});

test('infinite operands give the limit', () => {
  const [up, down] = infinities as [number, number];
  const limits: readonly [OperatorName, number, number][] = [
    ['exp', down, 0],
    ['expm1', down, -1],
    ['tanh', up, 1],
    ['sigmoid', down, 0],
    ['sigmoid', up, 1],
    ['softplus', down, 0],
    ['softplus', up, up],
    ['erf', down, -1],
    ['erfc', up, 0],
    ['erfc', down, 2],
    ['atan', up, Math.PI / 2],
    ['asinh', up, up],
  ];
  for (const [name, operand, limit] of limits)
    assertSame(evaluate(name, operand), limit, `${name}(${operand})`);
});

test('erf, erfc, sinc and its derivative, sigmoid and softplus have the digits of 60-digit arithmetic', () => {
  const reference: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
    erf: [
      [1e-10, 1.1283791670955126e-10],
      [0.3, 0.3286267594591274],
      [0.84375, 0.7672256612323416],
      [1.1, 0.8802050695740817],
      [1.5, 0.9661051464753108],
      [2.9, 0.9999589021219005],
      [5.5, 0.9999999999999927],
      [-0.7, -0.6778011938374184],
      [-2.2, -0.9981371537020182],
    ],
    erfc: [
      [-3, 1.9999779095030015],
      [-0.4, 1.4283923550466684],
      [0.1, 0.887537083981715],
      [0.6, 0.3961439091520741],
      [1.2, 0.08968602177036464],
      [1.7, 0.01620954140922544],
      [3.3, 3.0577097964381654e-6],
      [9.5, 3.7692144856548797e-41],
      [26.5, 2.2109076642637343e-307],
    ],
    sinc: [
      [1e-5, 0.9999999999833333],
      [0.0002, 0.9999999933333333],
      [0.7, 0.9203109817681301],
      [-2.5, 0.2393888576415826],
      [9.1, 0.03506575410432441],
    ],
    dsinc: [
      [1e-9, -3.3333333333333337e-10],
      [-0.001, 0.0003333333000000012],
      [0.5, -0.16253703063606656],
      [0.999, -0.3009294567857256],
      [1.001, -0.3014077239952235],
      [-2.5, 0.4162129892754065],
      [8.0, -0.033646226829567034],
    ],
    sigmoid: [
      [-700, 9.85967654375977e-305],
      [-40, 4.248354255291589e-18],
      [-1.5, 0.18242552380635635],
      [0.25, 0.5621765008857981],
      [3, 0.9525741268224333],
      [38, 1.0],
    ],
    softplus: [
      [-700, 9.85967654375977e-305],
      [-40, 4.248354255291589e-18],
      [-1.5, 0.2014132779827524],
      [0.25, 0.8259394198788436],
      [3, 3.048587351573742],
      [38, 38.0],
    ],
  };
  for (const [name, rows] of Object.entries(reference)) {
    for (const [x, expected] of rows) {
      const actual = evaluate(name as OperatorName, x);
      const error = Math.abs(actual - expected) / Math.abs(expected);
      assert.ok(actual === expected || error < 5e-16, `${name}(${x}) = ${actual}, not ${expected}`);
    }
  }
});
