import { calls, type Language } from './code.ts';
import type { ExportedFunction } from './exported-function.ts';
import { type Framework, gradients, planFunction, type Slopes } from './plan.ts';
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
    ...pythonRows('torch'),
    ...calls('torch.', { abs: 'abs', square: 'square', sqrt: 'sqrt', exp: 'exp', expm1: 'expm1' }),
    ...calls('torch.', { log: 'log', log1p: 'log1p', sin: 'sin', cos: 'cos', sinh: 'sinh', cosh: 'cosh' }),
    ...calls('torch.', { tanh: 'tanh', asinh: 'asinh', atan: 'atan', erf: 'erf', erfc: 'erfc' }),
    ...calls('torch.', { sigmoid: 'sigmoid', sign: 'sign' }),
    ...calls('torch.', { max: 'maximum', min: 'minimum', pow: 'pow' }, 2),
    // Beyond its threshold PyTorch takes x itself: with 20, as is usual, that is off by 2e-9.
    softplus: 'F.softplus($a, threshold=40)',
  },
  // Autograd keeps the operands of a sum or product, not its value; of these functions it keeps the value.
  inPlace: calls('torch.', { sigmoid: 'sigmoid_', tanh: 'tanh_' }),
  withNumber: {
    max: 'torch.clamp($a, min=$b)',
    min: 'torch.clamp($a, max=$b)',
  },
};

const helpers = { dsinc: dsincHelper('torch') };

/** Whole functions that PyTorch computes in one kernel, value and gradient. */
const kernels = [
  { formula: 'x*sigmoid(x)', text: 'F.silu(x)' },
  { formula: 'x*erfc(-x/sqrt(2))/2', text: 'F.gelu(x)' },
  { formula: 'max(x, 0) + expm1(min(x, 0))', text: 'F.elu(x)' },
];

/**
 * A clamp gives a tie's slope to one side; maximum of a number would need a tensor of it. sinc and pow have
 * no gradient of their own.
 */
const framework: Framework = {
  language,
  helpers,
  own: kernels,
  unsafe: ['pow', 'sinc', 'dsinc', 'masked'],
  fill: (value) => `torch.full_like(x, ${value})`,
  broadcast: (value) => `(${value}).to(x.dtype).expand_as(x)`,
};

/** A PyTorch file: a function of tensors and a module with its trainable parameters. */
export function pytorchFile(exported: ExportedFunction): string {
  const plan = planFunction(exported, framework);
  const { className, parameters } = exported;
  const table = trainedTable(exported);
  const body = [...plan.lines, `return ${plan.value}`];
  const called = plan.slopes ? [`return _${className}.apply(${argumentsOf(exported)})`] : body;
  const sections = [
    ...(table === undefined ? [] : [table]),
    ...plan.helpers,
    functionText(exported, called),
    ...(plan.slopes ? [gradientText(exported, body, plan.slopes)] : []),
    parameters.length === 0 ? plainModule(exported) : parametricModule(exported, table !== undefined),
  ];
  const code = sections.join('\n\n\n');
  const imports = ['import torch', 'from torch import nn', 'from torch.nn import functional as F'].filter(
    (line) => new RegExp(`\\b${line.split(' ').at(-1)}\\.`).test(code),
  );
  return `${moduleDocstring(exported)}\n\n${imports.join('\n')}\n\n\n${code}\n`;
}

function functionText(exported: ExportedFunction, body: readonly string[]): string {
  const { functionName, formula, parameters } = exported;
  return `def ${functionName}(${argumentsOf(exported)}):
    """${formula} of a tensor x${broadcasting(parameters)}."""
${indent(body)}`;
}

function gradientText(exported: ExportedFunction, body: readonly string[], slopes: Slopes): string {
  const names = argumentsOf(exported);
  const products = gradients(slopes, 'grad', 'torch.zeros_like(grad)', (grad, slope) => `${grad} * ${slope}`);
  const reduced = products.map((product, index) =>
    index === 0 ? product : `(${product}).sum_to_size(${exported.parameters[index - 1]?.name}.shape)`,
  );
  return `class _${exported.className}(torch.autograd.Function):
    """With its own gradient: autograd's would differ at ties, or where it multiplies 0 by infinity."""

    generate_vmap_rule = True

    @staticmethod
    def forward(${names}):
${indent(body, 2)}

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx, grad):
        ${exported.parameters.length === 0 ? 'x,' : names} = ctx.saved_tensors
${indent([...slopes.lines, `return ${reduced.join(', ')}`], 2)}`;
}

function plainModule({ className, functionName, formula }: ExportedFunction): string {
  return `class ${className}(nn.Module):
    """${formula}, without parameters."""

    def forward(self, x):
        return ${functionName}(x)`;
}

function parametricModule(exported: ExportedFunction, isTrained: boolean): string {
  const { className, functionName, formula, parameters } = exported;
  const names = parameters.map(({ name }) => name).join(', ');
  const layer = isTrained ? ', layer=None' : '';
  const initial = parameters.map(({ name, initial: value }) =>
    isTrained
      ? `self.${name} = nn.Parameter(self._initial(TRAINED["${name}"], layer, device, dtype))`
      : `self.${name} = nn.Parameter(torch.full((num_parameters,), ${floatText(value)}, device=device, dtype=dtype))`,
  );
  return `class ${className}(nn.Module):
    """${formula} with ${names} trained: one value for all channels, or one for each with num_parameters = channels.

    channel_axis is the dimension of the channels, 1 in a convolutional network, -1 after a linear layer.${
      isTrained
        ? '\n    layer picks the learned values of one layer, counted from 0; without it they start at their mean.'
        : ''
    }
    """

    def __init__(self, num_parameters=1, channel_axis=1${layer}, device=None, dtype=None):
        super().__init__()
        self.num_parameters = num_parameters
        self.channel_axis = channel_axis
${indent(initial, 2)}

    def forward(self, x):
        return ${functionName}(x, ${parameters.map(({ name }) => `self._per_channel(self.${name}, x)`).join(', ')})

    def _per_channel(self, parameter, x):
        shape = [1] * x.dim()
        if self.num_parameters > 1:
            shape[self.channel_axis] = -1
        return parameter.to(x.dtype).view(shape)
${isTrained ? initialMethod : ''}
    def extra_repr(self):
        return f"num_parameters={self.num_parameters}, channel_axis={self.channel_axis}"`;
}

const initialMethod = `
    def _initial(self, trained, layer, device, dtype):
        values = sum(trained, []) if layer is None else trained[layer]
        if len(values) != self.num_parameters:
            values = [sum(values) / len(values)] * self.num_parameters
        return torch.tensor(values, device=device, dtype=dtype)
`;
