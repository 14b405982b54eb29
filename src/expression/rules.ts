/**
 * The rules of simplification, `pattern -> replacement` in our own notation; the first that fits is taken.
 * `->` matches the operands of a commutative operator in either order, `=>` only as written. Letters stand
 * for
 *   a b c    any expression
 *   u        anything but a number
 *   v        a variable or parameter
 *   n m      numbers of modest size, m not 0
 *   k        a negative number of modest size
 *   f g h    an expression that is finite wherever |x| <= 10^4 (see bounds.ts)
 *   p        an expression that is never below 0
 *
 * A rule keeps the value for every finite x and every value of the parameters, where that value is infinite
 * or NaN too, up to rounding and up to the sign of zero. The exceptions, each with its reason, are in
 * `stableForms` and `maskedForms`. Not here on purpose: a/a -> 1, sin(a)/a -> sinc(a) (NaN at a = 0),
 * exp(log(a)) -> a and sqrt(a)^2 -> a (NaN for a < 0), f - f for an f that may be infinite.
 */
const neutralElements = [
  'a + 0 -> a',
  'a - 0 => a',
  '0 - a => -a',
  '1*a -> a',
  '-1*a -> -a',
  '0*f -> 0',
  'a/1 => a',
  'a/(-1) => -a',
  'a^0 => 1',
  'a^1 => a',
  'a^(-1) => 1/a',
  'a^(-2) => 1/a^2',
];

/**
 * A number leads a product and ends a sum, max or min; numbers in a chain of these meet. Sums are not
 * regrouped
 * otherwise: in x + (1 - y) the parentheses may keep the digits of a small x.
 */
const chains = [
  'n + u => u + n',
  'u*n => n*u',
  'max(n, u) => max(u, n)',
  'min(n, u) => min(u, n)',
  'n*(m*a) => n*m*a',
  'n*(a*b) => n*a*b',
  'a*(n*b) => n*a*b',
  'a*(n*b*c) => n*a*(b*c)',
  'a*n*b => n*a*b',
  'f*(g*h) => f*g*h',
  '(1/a)*b -> b/a',
  'n*(a/m) => (n/m)*a',
  '(a + n) + m => a + (n + m)',
  '(a - n) + m => a + (m - n)',
  '(a + n) - m => a + (n - m)',
  '(a - n) - m => a - (n + m)',
  '(n - a) + m => (n + m) - a',
  '(n - a) - m => (n - m) - a',
  'max(max(a, n), m) => max(a, max(n, m))',
  'min(min(a, n), m) => min(a, min(n, m))',
];

const signs = [
  '-(-a) => a',
  '-(a - b) => b - a',
  '-(n*a) => (-n)*a',
  '-(n*a*b) => (-n)*a*b',
  '-(n*a*b*c) => (-n)*a*b*c',
  '-(n/a) => (-n)/a',
  '(-a)*b => -(a*b)',
  'a*(-b) => -(a*b)',
  '(-a)/b => -(a/b)',
  'a/(-b) => -(a/b)',
  'a + -b => a - b',
  '-a + b => b - a',
  'a - -b => a + b',
  '-a - b => -(a + b)',
  'a + k => a - (-k)',
  'a - k => a + (-k)',
  'a + k*b => a - (-k)*b',
  'a - k*b => a + (-k)*b',
  'a + k*b*c => a - (-k)*b*c',
  'a - k*b*c => a + (-k)*b*c',
  'k*a + b => b - (-k)*a',
];

const likeTerms = [
  'a + a -> 2*a',
  'f + n*f -> (n + 1)*f',
  'n*f + m*f -> (n + m)*f',
  'f - f => 0',
  'n*f - f => (n - 1)*f',
  'f - n*f => (1 - n)*f',
  'n*f - m*f => (n - m)*f',
  'a + f + f => a + 2*f',
  'a + f - f => a',
  'a - f + f => a',
  'a*a -> a^2',
  'a*a^2 -> a^3',
  'b*a*a => b*a^2',
  'b*a^2*a => b*a^3',
  '(n*a)^2 => (n^2)*a^2',
  '(n*a)^3 => (n^3)*a^3',
];

const bars = [
  '|p| => p',
  '|a|^2 => a^2',
  'sqrt(a^2) => |a|',
  '|a|*sign(a) -> a',
  'a*sign(a) -> |a|',
  'max(a, -a) -> |a|',
  'min(a, -a) -> -|a|',
];

/**
 * Forms that are stable in float32. They keep the value wherever the naive form neither overflows nor
 * cancels, and put the limit where it overflows: log(1 + exp(x)) is infinite from 709.8 on, softplus(x) is
 * not.
 */
const stableForms = [
  'log(a + 1) -> log1p(a)',
  'log1p(exp(a)) => softplus(a)',
  'exp(a) - 1 => expm1(a)',
  'expm1(a) + 1 -> exp(a)',
  ...quotient('exp(a)', 'exp(a) + 1', 'sigmoid(a)'),
  ...quotient('exp(a)', '(exp(a) + 1)^2', 'sigmoid(a)*sigmoid(-a)'),
  ...quotient('exp(a)', 'exp(a) + exp(b)', 'sigmoid(a - b)'),
  ...quotient('expm1(a)', 'exp(a) + 1', 'tanh(0.5*a)'),
  ...quotient('1 - exp(a)', 'exp(a) + 1', '-tanh(0.5*a)'),
  ...quotient('exp(a) - exp(b)', 'exp(a) + exp(b)', 'tanh(0.5*(a - b))'),
  ...quotient('(exp(a) + 1)^2 - 1', '(exp(a) + 1)^2 + 1', 'tanh(softplus(a))'),
  // Numerators that grow with the denominator: (b - exp(a))*sigmoid(-a) would be infinity times 0 far out.
  ...growingQuotients('n'),
  ...growingQuotients('v'),
  // The same would cancel where b vanishes beside exp(a), as exp(2*x) does beside exp(x).
  '(b - exp(a))/(exp(a) + 1) -> b*sigmoid(-a) - sigmoid(a)',
  '(exp(a) - b)/(exp(a) + 1) -> sigmoid(a) - b*sigmoid(-a)',
  '(exp(a) + b)/(exp(a) + 1) -> sigmoid(a) + b*sigmoid(-a)',
  'b/(exp(a) + 1) -> b*sigmoid(-a)',
  'log(sigmoid(a)) => -softplus(-a)',
  'log(exp(a)) => a',
  // Sums that do not cancel: p is never below 0, and max(f, a) is next to the value.
  'log(exp(f) + exp(-f)) => softplus(2*f) - f',
  'log(exp(-f) + exp(f)) => f + softplus(-2*f)',
  'log(exp(a) + exp(-a)) -> |a| + softplus(-2*|a|)',
  'log(exp(f) + exp(p)) => p + softplus(f - p)',
  'log(exp(f) + exp(a)) -> max(f, a) + softplus(-|f - a|)',
  'log(exp(a) + exp(b)) -> max(a, b) + softplus(-|a - b|)',
  'log(cosh(f)) => softplus(2*f) - f - 0.6931471805599453',
  'log(cosh(a)) => |a| + softplus(-2*|a|) - 0.6931471805599453',
  'log(2*cosh(f)) => softplus(2*f) - f',
  'log(2*cosh(a)) => |a| + softplus(-2*|a|)',
  'log(a + sqrt(a^2 + 1)) -> asinh(a)',
  'sinh(a)/cosh(a) => tanh(a)',
  '1 - erf(a) => erfc(a)',
  'erf(a) + 1 -> erfc(-a)',
  '1 - erfc(a) => erf(a)',
];

/** A quotient with a stable equal, alone and as a factor: c*exp(a)/(exp(a) + 1) is c*sigmoid(a). */
function quotient(numerator: string, denominator: string, value: string): readonly string[] {
  return [`(${numerator})/(${denominator}) -> ${value}`, `c*(${numerator})/(${denominator}) -> c*(${value})`];
}

/** With b standing for a number or a variable, which does not vanish where exp(a) does. */
function growingQuotients(b: 'n' | 'v'): readonly string[] {
  return [
    `(${b} - exp(a))/(exp(a) + 1) -> (${b} + 1)*sigmoid(-a) - 1`,
    `(exp(a) - ${b})/(exp(a) + 1) -> 1 - (${b} + 1)*sigmoid(-a)`,
    `(exp(a) + ${b})/(exp(a) + 1) -> (${b} - 1)*sigmoid(-a) + 1`,
  ];
}

/**
 * masked(a, b) is a*b with 0 winning over everything; masked(0, b) comes from an operand that does not vary.
 */
const maskedForms = [
  'masked(0, b) => 0',
  'masked(a, 0) => 0',
  'masked(n, b) => n*b',
  'masked(a, n) => n*a',
  'masked(f, v) => v*f',
  'masked(f, b) => f*b',
  'masked(-a, b) => -masked(a, b)',
  'masked(a, -b) => -masked(a, b)',
  'masked(n*a, b) => n*masked(a, b)',
];

export const rules: readonly string[] = [
  ...neutralElements,
  ...bars,
  ...stableForms,
  ...maskedForms,
  ...likeTerms,
  ...signs,
  ...chains,
];

/** For the canonical form: sums and products of terms, each with its sign in one leading number. */
export const canonicalRules: readonly string[] = [
  ...neutralElements.filter((rule) => !rule.endsWith('=> -a') && !rule.endsWith('-> -a')),
  'a - b => a + -1*b',
  '-a => -1*a',
  'n*(a + b) => n*a + n*b',
  'a/m => (1/m)*a',
  'a/(m*b) => (1/m)*(a/b)',
  '(n*a)/b => n*(a/b)',
  'u*n => n*u',
  'n*(m*a) => n*m*a',
  'n*a*b => n*(a*b)',
  'a*(n*b) => n*(a*b)',
];
