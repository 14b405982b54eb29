import { calls, type Language } from './code.ts';
import { type ExportedFunction, operandNames } from './exported-function.ts';
import { type Framework, localNames, planFunction, type Slopes } from './plan.ts';
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
    ...pythonRows('jnp'),
    ...calls('jnp.', { abs: 'abs', square: 'square', sqrt: 'sqrt', exp: 'exp', expm1: 'expm1' }),
    ...calls('jnp.', { log: 'log', log1p: 'log1p', sin: 'sin', cos: 'cos', sinh: 'sinh', cosh: 'cosh' }),
    ...calls('jnp.', { tanh: 'tanh', asinh: 'arcsinh', atan: 'arctan', sign: 'sign' }),
    ...calls('jax.scipy.special.', { erf: 'erf', erfc: 'erfc' }),
    ...calls('jax.nn.', { sigmoid: 'sigmoid', softplus: 'softplus' }),
    ...calls('jnp.', { max: 'maximum', min: 'minimum', pow: 'power' }, 2),
  },
};

/** Whole functions that JAX has itself. */
const ownFunctions = [
  { formula: 'x*sigmoid(x)', text: 'jax.nn.silu(x)' },
  { formula: 'x*erfc(-x/sqrt(2))/2', text: 'jax.nn.gelu(x, approximate=False)' },
  { formula: 'x*tanh(softplus(x))', text: 'jax.nn.mish(x)' },
  { formula: 'max(x, 0) + expm1(min(x, 0))', text: 'jax.nn.elu(x)' },
];

const framework: Framework = {
  language,
  helpers: { dsinc: dsincHelper('jnp') },
  own: ownFunctions,
  // |x| has the slope 1 at 0 there.
  unsafe: ['abs', 'pow', 'sinc', 'dsinc', 'masked'],
  fill: (value) => `jnp.full_like(x, ${value})`,
  broadcast: (value) => `jnp.broadcast_to(${value}, x.shape)`,
};

/** A JAX file: a function of arrays and one that makes its parameters. */
export function jaxFile(exported: ExportedFunction): string {
  return assemble(exported, ['import jax', 'import jax.numpy as jnp'], initText(exported));
}

/** The JAX function with a module of Flax NNX. */
export function flaxFile(exported: ExportedFunction): string {
  return assemble(
    exported,
    ['import jax', 'import jax.numpy as jnp', 'from flax import nnx'],
    moduleText(exported),
  );
}

function assemble(exported: ExportedFunction, modules: readonly string[], last: string | undefined): string {
  const table = trainedTable(exported);
  const code = [
    ...(table === undefined ? [] : [table]),
    ...functionTexts(exported),
    ...(last === undefined ? [] : [last]),
  ].join('\n\n\n');
  const imports = modules.filter((line) => new RegExp(`\\b${line.split(' ').at(-1)}\\.`).test(code));
  return `${moduleDocstring(exported)}\n\n${imports.join('\n')}\n\n\n${code}\n`;
}

function functionTexts(exported: ExportedFunction): readonly string[] {
  const { functionName, formula, parameters } = exported;
  const plan = planFunction(exported, framework);
  const body = [
    `"""${formula} of an array x${broadcasting(parameters)}."""`,
    ...plan.lines,
    `return ${plan.value}`,
  ];
  const decorator = plan.slopes ? '@jax.custom_jvp\n' : '';
  return [
    ...plan.helpers,
    `${decorator}def ${functionName}(${argumentsOf(exported)}):\n${indent(body)}`,
    ...(plan.slopes ? [jvpText(exported, plan.slopes)] : []),
  ];
}

function jvpText(exported: ExportedFunction, slopes: Slopes): string {
  const { functionName } = exported;
  const names = operandNames(exported);
  const dots = localNames(names, (name) => `${name}_dot`);
  const products = slopes.results.flatMap((slope, index) => {
    if (slope === '0') return [];
    return [slope === '1' ? dots[index] : `${slope} * ${dots[index]}`];
  });
  const comma = names.length === 1 ? ',' : '';
  const call = `${functionName}(${names.join(', ')})`;
  const body = [
    '"""Its own derivative: autodiff\'s would differ where it multiplies 0 by infinity."""',
    `${names.join(', ')}${comma} = primals`,
    `${dots.join(', ')}${comma} = tangents`,
    ...slopes.lines,
    `value = ${call}`,
    `return value, ${products.length === 0 ? 'jnp.zeros_like(value)' : products.join(' + ')}`,
  ];
  return `@${functionName}.defjvp\ndef _${functionName}_jvp(primals, tangents):\n${indent(body)}`;
}

function initText({ className, functionName, parameters }: ExportedFunction): string | undefined {
  if (parameters.length === 0) return undefined;
  const values = parameters.map(
    ({ name, initial }) => `        "${name}": jnp.full(shape, ${floatText(initial)}, dtype),\n`,
  );
  return `def init_${functionName}(shape=(), dtype=jnp.float32):
    """${className}'s parameters as they start; used as ${functionName}(x, **parameters).

    The shape broadcasts against x: () is one value for all, (channels,) one for each channel if channels are last,
    (channels, 1, 1) if they are first.
    """
    return {
${values.join('')}    }`;
}

function moduleText(exported: ExportedFunction): string {
  const { className, functionName, formula, parameters } = exported;
  if (parameters.length === 0) {
    return `class ${className}(nnx.Module):
    """${formula}, without parameters."""

    def __call__(self, x):
        return ${functionName}(x)`;
  }
  const isTrained = parameters.some(({ trained }) => trained !== undefined);
  const initial = parameters.map(({ name, initial: value }) =>
    isTrained
      ? `self.${name} = nnx.Param(self._initial(TRAINED["${name}"], layer, param_dtype))`
      : `self.${name} = nnx.Param(jnp.full((num_parameters,), ${floatText(value)}, param_dtype))`,
  );
  return `class ${className}(nnx.Module):
    """${formula} with ${parameters.map(({ name }) => name).join(', ')} trained.

    One value for all channels, or one for each with num_parameters = channels; channel_axis is their dimension.${
      isTrained
        ? '\n    layer picks the learned values of one layer, counted from 0; without it they start at their mean.'
        : ''
    }
    """

    def __init__(self, num_parameters=1, channel_axis=-1${isTrained ? ', layer=None' : ''}, *, rngs=None, param_dtype=jnp.float32):
        self.num_parameters = num_parameters
        self.channel_axis = channel_axis
${indent(initial, 2)}

    def __call__(self, x):
        return ${functionName}(x, ${parameters.map(({ name }) => `self._per_channel(self.${name}, x)`).join(', ')})

    def _per_channel(self, parameter, x):
        shape = [1] * x.ndim
        if self.num_parameters > 1:
            shape[self.channel_axis] = -1
        return parameter[...].astype(x.dtype).reshape(shape)${
          isTrained
            ? `

    def _initial(self, trained, layer, dtype):
        values = sum(trained, []) if layer is None else trained[layer]
        if len(values) != self.num_parameters:
            values = [sum(values) / len(values)] * self.num_parameters
        return jnp.array(values, dtype)`
            : ''
        }`;
}
