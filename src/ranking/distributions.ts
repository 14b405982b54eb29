/**
 * Natural logarithm of the gamma function for x > 0, by Lanczos's approximation (g = 7, nine terms), to about
 * 15 digits. Godfrey, "A note on the computation of the convergent Lanczos complex gamma approximation"
 * (2001).
 */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const z = x - 1;
  const series = lanczos.reduce((sum, term, index) => (index === 0 ? term : sum + term / (z + index)), 0);
  const t = z + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(series);
}

const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/**
 * Regularized incomplete beta function I_x(a, b), 0 <= x <= 1, a, b > 0, by its continued fraction after the
 * modified Lentz method. Press et al., "Numerical Recipes", 3rd edition, section 6.4.
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x);
  let c = 1;
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= 1000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / awayFromZero(1 + even * d);
    c = awayFromZero(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / awayFromZero(1 + odd * d);
    c = awayFromZero(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return (Math.exp(front) * fraction) / a;
}

function awayFromZero(value: number): number {
  return Math.abs(value) < 1e-300 ? 1e-300 : value;
}

/** P(T > t) of Student's t distribution with `freedom` degrees of freedom (not necessarily whole). */
export function studentTail(t: number, freedom: number): number {
  if (t < 0) return 1 - studentTail(-t, freedom);
  if (t === Number.POSITIVE_INFINITY) return 0;
  // Of the two equal forms, the one whose argument does not round to 1.
  if (t * t < freedom) return 0.5 - 0.5 * incompleteBeta((t * t) / (freedom + t * t), 0.5, freedom / 2);
  return 0.5 * incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5);
}

/**
 * The t that is exceeded with probability `tail` (0 < tail <= 0.5), by bisection: 12.706 for 0.025 and one
 * degree of freedom.
 */
export function studentQuantile(tail: number, freedom: number): number {
  let low = 0;
  let high = 1;
  while (studentTail(high, freedom) > tail) high *= 2;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) return middle;
    if (studentTail(middle, freedom) > tail) low = middle;
    else high = middle;
  }
}

/** P(at least `wins` of `trials`) where each is won with probability 1/2. */
export function fairCoinTail(wins: number, trials: number): number {
  let sum = 0;
  for (let k = Math.max(0, wins); k <= trials; k++) {
    sum += Math.exp(logGamma(trials + 1) - logGamma(k + 1) - logGamma(trials - k + 1) - trials * Math.LN2);
  }
  return Math.min(1, sum);
}
