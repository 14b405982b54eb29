import { calls, type Language } from './code.ts';
import { type ExportedFunction, headLines, operandNames } from './exported-function.ts';
import { type Framework, gradients, planFunction } from './plan.ts';
import { broadcasting } from './python.ts';

const language: Language = {
  rows: {
    ...calls(
      'tf.',
      { add: 'add', sub: 'sub', mul: 'mul', div: 'div', pow: 'pow', max: 'maximum', min: 'minimum' },
      2,
    ),
    ...calls('tf.', { neg: 'neg', abs: 'abs', square: 'square', sqrt: 'sqrt', exp: 'exp', expm1: 'expm1' }),
    ...calls('tf.', { log: 'log', log1p: 'log1p', sin: 'sin', cos: 'cos', sinh: 'sinh', cosh: 'cosh' }),
    ...calls('tf.', { tanh: 'tanh', asinh: 'asinh', atan: 'atan', erf: 'erf', sigmoid: 'sigmoid' }),
    ...calls('tf.', { softplus: 'softplus', sign: 'sign' }),
    ...calls('', { sinc: 'sinc', dsinc: 'sincSlope', erfc: 'erfc' }),
    cube: 'tf.mul($a, tf.square($a))',
    step: 'tf.div(tf.add(tf.sign($a), 1), 2)',
    masked: 'tf.where(tf.equal($b, 0), tf.zerosLike($b), tf.mul($a, $b))',
  },
  number: String,
  assign: (name, text) => `const ${name} = ${text};`,
};

const helpers = {
  sinc: `function sinc(a: tf.Tensor): tf.Tensor {
  return tf.where(tf.equal(a, 0), tf.onesLike(a), tf.div(tf.sin(a), a));
}`,
  dsinc: `/** The derivative of sin(a)/a, by its series below 1 where the quotient cancels. */
function sincSlope(a: tf.Tensor): tf.Tensor {
  const s = tf.square(a);
  let series: tf.Tensor = tf.fill(a.shape, -1 / 3991680);
  for (const term of [1 / 45360, -1 / 840, 1 / 30, -1 / 3]) series = tf.add(tf.mul(series, s), term);
  const quotient = tf.div(tf.sub(tf.cos(a), tf.div(tf.sin(a), a)), a);
  return tf.where(tf.less(tf.abs(a), 1), tf.mul(a, series), quotient);
}`,
  erfc: `/** 1 - erf(a) with its digits kept for large a (W. H. Press et al., Numerical Recipes, section 6.2). */
function erfc(a: tf.Tensor): tf.Tensor {
  const size = tf.abs(a);
  const t = tf.div(1, tf.add(tf.mul(size, 0.5), 1));
  let series: tf.Tensor = tf.fill(a.shape, 0.17087277);
  const terms = [-0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368, -1.26551223];
  for (const term of terms) series = tf.add(tf.mul(series, t), term);
  const tail = tf.mul(t, tf.exp(tf.sub(series, tf.square(size))));
  return tf.where(tf.less(a, 0), tf.sub(2, tail), tail);
}`,
};

/** tfjs takes the slope of |a| at 0 for -1, splits no ties, and derives the helpers by their parts. */
const framework: Framework = {
  language,
  helpers,
  own: [],
  unsafe: ['abs', 'max', 'min', 'pow', 'sinc', 'dsinc', 'erfc', 'masked', 'asinh'],
  fill: (value) => `tf.fill(x.shape, ${value})`,
  broadcast: (value) => `tf.broadcastTo(${value}, x.shape)`,
};

/**
 * A TypeScript file: a function of tensors and a layer of tfjs-layers, registered so that models with it
 * load.
 */
export function tfjsFile(exported: ExportedFunction): string {
  const code = [
    ...functionTexts(exported),
    layerText(exported),
    `tf.serialization.registerClass(${exported.className});`,
  ].join('\n\n');
  const head = headLines(exported).map((line) => ` * ${line.replaceAll('*/', '* /')}`);
  return `/**\n${head.join('\n')}\n */\n\nimport * as tf from '@tensorflow/tfjs';\n\n${code}\n`;
}

function functionTexts(exported: ExportedFunction): readonly string[] {
  const { formula, parameters } = exported;
  const name = camelCase(exported.functionName);
  const { helpers: needed, lines, value, slopes } = planFunction(exported, framework);
  const operands = operandNames(exported);
  const typed = operands.map((one) => `${one}: tf.Tensor`).join(', ');
  const head = `/** ${formula.replaceAll('*/', '* /')} of a tensor x${broadcasting(parameters)}. */
export function ${name}(${typed}): tf.Tensor {\n`;
  if (!slopes) return [...needed, `${head}${indent([...lines, `return ${value};`])}\n}`];
  const products = gradients(slopes, 'dy', 'tf.zerosLike(dy)', (dy, slope) => `tf.mul(${dy}, ${slope})`);
  const full = parameters.map((one) => `tf.broadcastTo(${one.name}, x.shape)`);
  const types = operands.map(() => 'tf.Tensor').join(', ');
  const save = `save([${operands.join(', ')}]);`;
  return [
    ...needed,
    `${head}  return withGradient(${['x', ...full].join(', ')});\n}`,
    `/** With a gradient of its own: that of tfjs would differ at ties, or where it multiplies 0 by infinity. */
const withGradient = tf.customGrad((...inputs) => {
  const [${operands.join(', ')}, save] = inputs as [${types}, (tensors: tf.Tensor[]) => void];
${indent([save, ...lines, `return { value: ${value}, gradFunc: gradient };`])}
});`,
    `function gradient(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] {
  const [${operands.join(', ')}] = saved as [${types}];
${indent([...slopes.lines, `return [${products.join(', ')}];`])}
}`,
  ];
}

function layerText(exported: ExportedFunction): string {
  const { className, formula, parameters } = exported;
  const name = camelCase(exported.functionName);
  const first = 'const x = Array.isArray(inputs) ? (inputs[0] as tf.Tensor) : inputs;';
  if (parameters.length === 0) {
    return `/** ${formula}, without parameters. */
export class ${className} extends tf.layers.Layer {
  static readonly className = '${className}';

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    ${first}
    return tf.tidy(() => ${name}(x));
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return inputShape;
  }
}`;
  }
  const fields = parameters.map((one) => `  private ${one.name}!: tf.LayerVariable;\n`);
  const weights = parameters.map(
    (one) =>
      `    this.${one.name} = this.addWeight('${one.name}', shape, 'float32', tf.initializers.constant({ value: ${one.initial} }));\n`,
  );
  return `/** ${formula} with ${parameters.map((one) => one.name).join(', ')} trained: a value for each channel, or one for all if shared. */
export class ${className} extends tf.layers.Layer {
  static readonly className = '${className}';
  private readonly channelAxis: number;
  private readonly shared: boolean;
${fields.join('')}
  constructor(options: { channelAxis?: number; shared?: boolean; name?: string; trainable?: boolean } = {}) {
    super(options);
    this.channelAxis = options.channelAxis ?? -1;
    this.shared = options.shared ?? false;
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const full = inputShape as tf.Shape;
    const shape = full.map(() => 1);
    const axis = this.channelAxis < 0 ? full.length + this.channelAxis : this.channelAxis;
    if (!this.shared) shape[axis] = full[axis] as number;
${weights.join('')}    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    ${first}
    return tf.tidy(() => ${name}(${['x', ...parameters.map((one) => `this.${one.name}.read()`)].join(', ')}));
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return inputShape;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), channelAxis: this.channelAxis, shared: this.shared };
  }
}`;
}

function camelCase(name: string): string {
  return name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function indent(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`).join('\n');
}
