/**
 * Functions of PyTorch, NumPy, JAX, TensorFlow, Keras and SymPy in our notation, by `name(arguments)`. The
 * first argument is x; at most two others are numbers or formulas, and | parts the keywords that frameworks
 * use. `= value` makes one optional; `= none` too, and where it is not given, the operator that takes it is
 * left out. A name after = is a function of the catalog, whose parameters the arguments set. What has the
 * name of an operator or of a function of the catalog, with x alone, is not repeated here.
 */
export const foreignFunctions: Readonly<Record<string, string>> = {
  // Elementary functions
  'ln(x)': 'log(x)',
  'log2(x)': 'log(x)/log(2)',
  'log10(x)': 'log(x)/log(10)',
  'exp2(x)': 'exp(log(2)*x)',
  'absolute(x)': '|x|',
  'fabs(x)': '|x|',
  'neg(x)': '-x',
  'negative(x)': '-x',
  'square(x)': 'x^2',
  'reciprocal(x)': '1/x',
  'rsqrt(x)': '1/sqrt(x)',
  'pow(x, exponent|p|y)': 'x^exponent',
  'power(x, exponent|p|y)': 'x^exponent',
  'add(x, other|y)': 'x + other',
  'subtract(x, other|y)': 'x - other',
  'sub(x, other|y)': 'x - other',
  'multiply(x, other|y)': 'x*other',
  'mul(x, other|y)': 'x*other',
  'divide(x, other|y)': 'x/other',
  'div(x, other|y)': 'x/other',
  'maximum(x, other|y)': 'max(x, other)',
  'minimum(x, other|y)': 'min(x, other)',
  'clip(x, low|min|a_min|x_min|min_val = none, high|max|a_max|x_max|max_val = none)':
    'min(max(x, low), high)',
  'clamp(x, low|min = none, high|max = none)': 'min(max(x, low), high)',
  'clip_by_value(x, low|clip_value_min, high|clip_value_max)': 'min(max(x, low), high)',
  'clamp_min(x, low|min)': 'max(x, low)',
  'clamp_max(x, high|max)': 'min(x, high)',
  'logaddexp(x, other)': 'log(exp(x) + exp(other))',
  'hypot(x, other)': 'sqrt(x^2 + other^2)',
  'tan(x)': 'sin(x)/cos(x)',
  'sec(x)': '1/cos(x)',
  'sech(x)': '1/cosh(x)',
  'coth(x)': 'cosh(x)/sinh(x)',
  'arctan(x)': 'atan(x)',
  'arcsinh(x)': 'asinh(x)',
  'acosh(x)': 'log(x + sqrt(x^2 - 1))',
  'arccosh(x)': 'log(x + sqrt(x^2 - 1))',
  'atanh(x)': '0.5*(log1p(x) - log1p(-x))',
  'arctanh(x)': '0.5*(log1p(x) - log1p(-x))',
  'sgn(x)': 'sign(x)',
  'heaviside(x, value = 0.5)': 'step(x) + (value - 0.5)*(1 - |sign(x)|)',
  // Activations under other names or with arguments
  'sigma(x)': 'sigmoid(x)',
  'expit(x)': 'sigmoid(x)',
  'leaky_relu(x, alpha|slope|negative_slope = 0.01)': '= PReLU',
  'prelu(x, alpha|weight|a)': '= PReLU',
  'elu(x, alpha = 1)': '= Parametric ELU scale',
  'celu(x, alpha = 1)': '= CELU',
  'swish(x, beta = 1)': '= Swish',
  'softplus(x, beta = 1, threshold = 20)': '= Parametric softplus',
  'relu_squared(x)': 'max(x, 0)^2',
  'threshold(x, threshold, value)': 'masked(x, step(x - threshold)) + masked(value, step(threshold - x))',
  'hardtanh(x, low|min_val = -1, high|max_val = 1)': 'min(max(x, low), high)',
  'softshrink(x, lambd|lower|threshold = 0.5)': 'sign(x)*max(|x| - lambd, 0)',
  'hardshrink(x, lambd|threshold = 0.5)': 'x*step(|x| - lambd)',
  'squareplus(x, b = 4)': '(x + sqrt(x^2 + b))/2',
  'logcosh(x)': 'log(cosh(x))',
};

/** The same where a framework means something else: its modules, then its functions. */
export const frameworks: readonly {
  readonly modules: readonly string[];
  readonly functions: Readonly<Record<string, string>>;
}[] = [
  {
    modules: ['torch', 'torch.nn', 'torch.nn.functional', 'torch.special', 'F', 'nn.functional'],
    functions: { 'sinc(x)': 'sinc(pi*x)' },
  },
  {
    modules: ['jax', 'jax.nn', 'nn', 'flax.linen', 'jnp', 'jax.numpy', 'jax.lax', 'lax', 'jax.scipy.special'],
    functions: { 'sinc(x)': 'sinc(pi*x)', 'gelu(x)': '= GELU by tanh' },
  },
  {
    modules: ['np', 'numpy', 'scipy.special', 'special', 'math', 'cmath'],
    functions: { 'sinc(x)': 'sinc(pi*x)' },
  },
  {
    modules: ['tf', 'tf.nn', 'tf.math', 'tf.keras.activations', 'keras.activations', 'activations'],
    functions: { 'leaky_relu(x, alpha|negative_slope = 0.2)': '= PReLU' },
  },
  {
    modules: ['keras.ops', 'ops', 'keras.ops.nn', 'tf.keras.ops'],
    functions: {
      'leaky_relu(x, alpha|negative_slope = 0.2)': '= PReLU',
      'gelu(x)': '= GELU by tanh',
    },
  },
  { modules: ['sympy', 'sp', 'sym'], functions: {} },
];

/** GELU takes its formula from the argument `approximate`. */
export const geluBy: ReadonlyMap<string, string> = new Map(
  Object.entries({
    tanh: 'GELU by tanh',
    true: 'GELU by tanh',
    none: 'GELU',
    false: 'GELU',
  }),
);

/** Names that people mean as functions even where they stand alone; others may name a parameter. */
export const neverParameters: readonly string[] = [
  'relu',
  'ln',
  'swish',
  'silu',
  'gelu',
  'mish',
  'elu',
  'softsign',
  'tan',
  'sech',
  'arctan',
  'arcsinh',
  'maximum',
  'minimum',
  'logistic',
  'heaviside',
  'pow',
  'square',
  'cube',
  'neg',
];

/** Why something that frameworks have is no function of x. */
export const notOfX: ReadonlyMap<string, string> = new Map(
  Object.entries({
    softmax: 'mixes channels',
    softmin: 'mixes channels',
    log_softmax: 'mixes channels',
    gumbel_softmax: 'mixes channels and is random',
    logsumexp: 'mixes channels',
    glu: 'mixes channels',
    maxout: 'mixes channels',
    sum: 'adds up elements',
    mean: 'averages elements',
    sort: 'sorts',
    rrelu: 'is random',
    dropout: 'is random',
    floor: 'has no slope anywhere',
    ceil: 'has no slope anywhere',
    round: 'has no slope anywhere',
  }),
);
