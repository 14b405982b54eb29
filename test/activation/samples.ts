import type { Activation } from '../../src/activation/activation.ts';
import type { Random } from '../../src/random.ts';
import type { Inputs } from './compare.ts';

/** The paper's comparison functions, with its constants. */
export const knownFunctions = {
  ReLU: 'max(x, 0)',
  LReLU: 'max(x, 0) + 0.01*min(x, 0)',
  PReLU: 'max(x, 0) + alpha[0.25]*min(x, 0)',
  Softplus: 'softplus(x)',
  ELU: 'max(x, 0) + expm1(min(x, 0))',
  SELU: '1.0507*(max(x, 0) + 1.6733*expm1(min(x, 0)))',
  GELU: 'x*(1 + erf(x/1.4142135623730951))/2',
  'Swish-1': 'x*sigmoid(x)',
  Swish: 'x*sigmoid(beta*x)',
} as const;

/** Normal inputs of some size; parameters near their initial values, another one in each channel. */
export function randomInputs(
  activation: Activation,
  random: Random,
  rows: number,
  channels: number,
  size = 2,
): Inputs {
  const normals = (length: number, scale: number, center = 0) =>
    Float32Array.from({ length }, () => center + scale * random.normal());
  return {
    rows,
    channels,
    x: normals(rows * channels, size),
    dy: normals(rows * channels, 1),
    parameters: Object.fromEntries(
      activation.parameters.map(({ name, initial }) => [name, normals(channels, 0.5, initial)]),
    ),
  };
}
