/**
 * erf and erfc after fdlibm's s_erf.c (Sun Microsystems, 1993), error below 1 ulp: five intervals with a
 * rational approximation each (coefficients as the nearest float64). "Developed at SunPro, a Sun
 * Microsystems, Inc. business. Permission to use, copy, modify, and distribute this software is freely
 * granted, provided that this notice is preserved."
 */
const smallErf = {
  numerator: [
    0.12837916709551256, -0.3250421072470015, -0.02848174957559851, -0.005770270296489442,
    -2.3763016656650163e-5,
  ],
  denominator: [
    1, 0.39791722395915535, 0.0650222499887673, 0.005081306281875766, 0.00013249473800432164,
    -3.960228278775368e-6,
  ],
};
/** On [0.84375, 1.25]: erf(x) = erfAtOne + P(|x| - 1)/Q(|x| - 1). */
const erfAtOne = 0.8450629115104675;
const middleErf = {
  numerator: [
    -0.0023621185607526594, 0.41485611868374833, -0.3722078760357013, 0.31834661990116175,
    -0.11089469428239668, 0.035478304325618236, -0.002166375594868791,
  ],
  denominator: [
    1, 0.10642088040084423, 0.540397917702171, 0.07182865441419627, 0.12617121980876164, 0.01363708391202905,
    0.011984499846799107,
  ],
};
/** On [1.25, 1/0.35]: erfc(x) = exp(-x^2 - 0.5625 + R(1/x^2)/S(1/x^2))/x. */
const largeErfc = {
  numerator: [
    -0.009864944034847148, -0.6938585727071818, -10.558626225323291, -62.375332450326006, -162.39666946257347,
    -184.60509290671104, -81.2874355063066, -9.814329344169145,
  ],
  denominator: [
    1, 19.651271667439257, 137.65775414351904, 434.56587747522923, 645.3872717332679, 429.00814002756783,
    108.63500554177944, 6.570249770319282, -0.0604244152148581,
  ],
};
/** On [1/0.35, 28]. */
const hugeErfc = {
  numerator: [
    -0.0098649429247001, -0.799283237680523, -17.757954917754752, -160.63638485582192, -637.5664433683896,
    -1025.0951316110772, -483.5191916086514,
  ],
  denominator: [
    1, 30.33806074348246, 325.7925129965739, 1536.729586084437, 3199.8582195085955, 2553.0504064331644,
    474.52854120695537, -22.44095244658582,
  ],
};

/** The error function; erf(±inf) = ±1. */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (size < 0.84375) return size < 3e-9 ? x + 0.1283791670955126 * x : x + x * ratio(smallErf, x * x);
  if (size < 1.25) return Math.sign(x) * (erfAtOne + ratio(middleErf, size - 1));
  if (size >= 6) return Math.sign(x);
  return Math.sign(x) * (1 - erfcTail(size));
}

/** 1 - erf(x) without cancellation; erfc(-inf) = 2, erfc(inf) = 0. */
export function erfc(x: number): number {
  const size = Math.abs(x);
  if (size < 0.84375) {
    if (x < 0.25) return 1 - (x + x * ratio(smallErf, x * x));
    return 0.5 - (x - 0.5 + x * ratio(smallErf, x * x));
  }
  if (size < 1.25) {
    const rest = ratio(middleErf, size - 1);
    return x >= 0 ? 1 - erfAtOne - rest : 1 + (erfAtOne + rest);
  }
  if (x >= 28) return 0;
  if (x <= -6) return 2;
  return x > 0 ? erfcTail(size) : 2 - erfcTail(size);
}

/** sin(x)/x, 1 at 0. */
export function sinc(x: number): number {
  if (Math.abs(x) < 1e-4) return 1 - (x * x) / 6;
  return Math.sin(x) / x;
}

/**
 * The derivative of sinc, (cos(x) - sinc(x))/x, 0 at 0; below 1 by its Taylor series
 * sum over k of (-1)^k 2k x^(2k-1)/(2k+1)!, because the quotient cancels there.
 */
export function dsinc(x: number): number {
  if (!(Math.abs(x) < 1)) return (Math.cos(x) - Math.sin(x) / x) / x;
  let sum = 0;
  for (let k = dsincSeries.length - 1; k >= 0; k--) sum = sum * x * x + (dsincSeries[k] as number);
  return sum * x;
}

/** 1/(1 + exp(-x)) without overflow. */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const power = Math.exp(x);
  return power / (1 + power);
}

/** log(1 + exp(x)) without overflow. */
export function softplus(x: number): number {
  if (x === Number.NEGATIVE_INFINITY) return 0;
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** Heaviside's step: 0 below 0, 1/2 at 0, 1 above. */
export function step(x: number): number {
  return (Math.sign(x) + 1) / 2;
}

/** a*b, but 0 wherever b is 0, also where a is infinite or NaN. */
export function masked(a: number, b: number): number {
  return b === 0 ? 0 : a * b;
}

interface Rational {
  readonly numerator: readonly number[];
  readonly denominator: readonly number[];
}

function ratio(rational: Rational, z: number): number {
  return polynomial(rational.numerator, z) / polynomial(rational.denominator, z);
}

function polynomial(coefficients: readonly number[], z: number): number {
  let sum = 0;
  for (let index = coefficients.length - 1; index >= 0; index--)
    sum = sum * z + (coefficients[index] as number);
  return sum;
}

const highWord = new Float64Array(1);
const highWordBits = new Uint32Array(highWord.buffer);

/**
 * erfc on [1.25, 28]. z is x with its lower half cleared, so that z*z is exact and exp(-x^2) keeps its
 * digits.
 */
function erfcTail(x: number): number {
  const s = 1 / (x * x);
  const rest = ratio(x < 1 / 0.35 ? largeErfc : hugeErfc, s);
  highWord[0] = x;
  highWordBits[0] = 0;
  const z = highWord[0] as number;
  return (Math.exp(-z * z - 0.5625) * Math.exp((z - x) * (z + x) + rest)) / x;
}

const dsincSeries: readonly number[] = (() => {
  const terms: number[] = [];
  let factorial = 1;
  for (let k = 1; k <= 10; k++) {
    factorial *= 2 * k * (2 * k + 1);
    terms.push(((k % 2 === 0 ? 1 : -1) * 2 * k) / factorial);
  }
  return terms;
})();
