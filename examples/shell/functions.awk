
function abs(x) { return x < 0 ? -x : x }
function max(a, b) { return a > b ? a : b }
function min(a, b) { return a < b ? a : b }
function sign(x) { return (x > 0) - (x < 0) }
function step(x) { return x > 0 }
function sigmoid(x) { return x < -700 ? 0 : 1 / (1 + exp(-x)) }
function tanh(x) { return 2 * sigmoid(2 * x) - 1 }
function expm1(x) { return exp(x) - 1 }
function log1p(x) { return log(1 + x) }
function softplus(x) { return max(x, 0) + log(1 + exp(-abs(x))) }
function tan(x) { return sin(x) / cos(x) }
function sinh(x) { return (exp(x) - exp(-x)) / 2 }
function cosh(x) { return (exp(x) + exp(-x)) / 2 }
function atan(x) { return atan2(x, 1) }
function asinh(x) { return sign(x) * log(abs(x) + sqrt(x * x + 1)) }
function sinc(x) { return x == 0 ? 1 : sin(x) / x }
function erf(x,   t) {  # Abramowitz and Stegun, 7.1.26
  t = 1 / (1 + 0.3275911 * abs(x))
  return sign(x) * (1 - ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t * exp(-x * x))
}
function erfc(x) { return 1 - erf(x) }
