import { calls, type Language } from './code.ts';
import type { ExportedFunction } from './exported-function.ts';
import { type Framework, gradients, planFunction } from './plan.ts';
import {
  argumentsOf,
  broadcasting,
  dsincHelper,
  floatText,
  indent,
  moduleDocstring,
  python,
  pythonRows,
  trainedTable,
} from './python.ts';

const language: Language = {
  ...python,
  rows: {
    ...pythonRows('ops'),
    ...calls('ops.', { abs: 'abs', square: 'square', sqrt: 'sqrt', exp: 'exp', expm1: 'expm1' }),
    ...calls('ops.', { log: 'log', log1p: 'log1p', sin: 'sin', cos: 'cos', sinh: 'sinh', cosh: 'cosh' }),
    ...calls('ops.', { tanh: 'tanh', asinh: 'arcsinh', atan: 'arctan', sign: 'sign' }),
    ...calls('ops.', { erf: 'erf', erfc: 'erfc', sigmoid: 'sigmoid' }),
    ...calls('ops.', { max: 'maximum', min: 'minimum', pow: 'power' }, 2),
    // ops.softplus is x itself beyond 20 on one backend, which is off by 2e-9.
    softplus: '(ops.maximum($a, 0) + ops.log1p(ops.exp(-ops.abs($a))))',
  },
};

/** Whole functions that Keras has itself. */
const ownFunctions = [
  { formula: 'x*sigmoid(x)', text: 'ops.silu(x)' },
  { formula: 'x*erfc(-x/sqrt(2))/2', text: 'ops.gelu(x, approximate=False)' },
  { formula: 'max(x, 0) + expm1(min(x, 0))', text: 'ops.elu(x)' },
  { formula: 'softplus(x)', text: 'ops.softplus(x)' },
];

/**
 * Backends treat ties of max and min, and |x| at 0, each in their own way; softplus is written with max here.
 */
const framework: Framework = {
  language,
  helpers: { dsinc: dsincHelper('ops') },
  own: ownFunctions,
  unsafe: ['abs', 'pow', 'sinc', 'dsinc', 'masked', 'max', 'min', 'softplus'],
  fill: (value) => `ops.full_like(x, ${value})`,
  broadcast: (value) => `ops.broadcast_to(${value}, ops.shape(x))`,
};

/** A Keras file: a function of tensors and a layer, for any backend. */
export function kerasFile(exported: ExportedFunction): string {
  const table = trainedTable(exported);
  const code = [
    ...(table === undefined ? [] : [table]),
    ...functionTexts(exported),
    layerText(exported, table !== undefined),
  ].join('\n\n\n');
  const imports = ['import keras', ...(/\bops\./.test(code) ? ['from keras import ops'] : [])];
  return `${moduleDocstring(exported)}\n\n${imports.join('\n')}\n\n\n${code}\n`;
}

function functionTexts(exported: ExportedFunction): readonly string[] {
  const { functionName, formula, parameters } = exported;
  const { helpers, lines, value, slopes } = planFunction(exported, framework);
  const head = `def ${functionName}(${argumentsOf(exported)}):
    """${formula} of a tensor x${broadcasting(parameters)}."""\n`;
  if (!slopes) return [...helpers, head + indent([...lines, `return ${value}`])];
  const full = parameters.map(({ name }) => `ops.broadcast_to(${name}, ops.shape(x))`);
  const products = gradients(slopes, 'upstream', 'ops.zeros_like(x)', (grad, slope) => `${grad} * ${slope}`);
  const inner = [
    'def grad(*args, upstream=None):',
    ...['if upstream is None:', '    (upstream,) = args', ...slopes.lines].map((line) => `    ${line}`),
    `    return ${products.join(', ')}`,
    '',
    ...lines,
    `return ${value}, grad`,
  ];
  return [
    ...helpers,
    `${head}    return _${functionName}(${['x', ...full].join(', ')})`,
    `@ops.custom_gradient
def _${functionName}(${argumentsOf(exported)}):
    """With its own gradient: a backend's would differ at ties, or where it multiplies 0 by infinity."""

${indent(inner)}`,
  ];
}

const register = '@keras.saving.register_keras_serializable(package="activation_search")';

function layerText(exported: ExportedFunction, isTrained: boolean): string {
  return exported.parameters.length === 0 ? plainLayer(exported) : parametricLayer(exported, isTrained);
}

function plainLayer({ className, functionName, formula }: ExportedFunction): string {
  return `${register}
class ${className}(keras.layers.Layer):
    """${formula}, without parameters."""

    def call(self, x):
        return ${functionName}(x)

    def compute_output_shape(self, input_shape):
        return input_shape`;
}

function parametricLayer(exported: ExportedFunction, isTrained: boolean): string {
  const { className, functionName, formula, parameters } = exported;
  const names = parameters.map(({ name }) => name).join(', ');
  const whenTrained = (text: string): string => (isTrained ? text : '');
  return `${register}
class ${className}(keras.layers.Layer):
    """${formula} with ${names} trained: one value for each channel, or one for all with shared=True.${whenTrained(
      '\n\n    layer picks the learned values of one layer, counted from 0; without it they start at their mean.\n    ',
    )}"""

    def __init__(self, channel_axis=-1, shared=False${whenTrained(', layer=None')}, **kwargs):
        super().__init__(**kwargs)
        self.channel_axis = channel_axis
        self.shared = shared${whenTrained('\n        self.layer = layer')}

    def build(self, input_shape):
        shape = [1] * len(input_shape)
        if not self.shared:
            shape[self.channel_axis] = input_shape[self.channel_axis]
${indent(weightLines(exported, isTrained), 2)}
        super().build(input_shape)

    def call(self, x):
        return ${functionName}(x, ${parameters.map(({ name }) => `ops.convert_to_tensor(self.${name})`).join(', ')})

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        config = {"channel_axis": self.channel_axis, "shared": self.shared${whenTrained(', "layer": self.layer')}}
        return {**super().get_config(), **config}${whenTrained(initialMethod)}`;
}

function weightLines({ parameters }: ExportedFunction, isTrained: boolean): string[] {
  return parameters.map(({ name, initial }) => {
    const start = isTrained
      ? `self._initial(TRAINED["${name}"], shape)`
      : `keras.initializers.Constant(${floatText(initial)})`;
    return `self.${name} = self.add_weight(name="${name}", shape=shape, initializer=${start})`;
  });
}

/** The learned values of a layer as an initializer. */
const initialMethod = `

    def _initial(self, trained, shape):
        values = sum(trained, []) if self.layer is None else trained[self.layer]
        if len(values) != max(shape):
            values = [sum(values) / len(values)]
        return lambda shape, dtype: ops.broadcast_to(
            ops.convert_to_tensor(values if len(values) == 1 else ops.reshape(values, shape), dtype), shape
        )`;
