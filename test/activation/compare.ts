import type { Activation } from '../../src/activation/activation.ts';
import { derivative } from '../../src/expression/derive.ts';
import type { Expression } from '../../src/expression/expression.ts';
import { download, inScope, upload } from '../../src/tensorflow.ts';
import { reference } from './reference.ts';

/**
 * Reverse accumulation may lose to underflow what is smaller: a partial derivative can be the square of a
 * value.
 */
const negligible = 1e-15;
/** The product with dy rounds once more. */
const rounding = 2 ** -23;

/** Inputs of an activation: x and dy of shape [rows, channels], parameters of shape [channels]. */
export interface Inputs {
  readonly rows: number;
  readonly channels: number;
  readonly x: Float32Array;
  readonly dy: Float32Array;
  readonly parameters: Readonly<Record<string, Float32Array>>;
}

export interface Outputs {
  readonly y: Float32Array;
  readonly dx: Float32Array;
  readonly dParameters: readonly Float32Array[];
}

/** Forward and backward pass through TensorFlow. */
export function run(activation: Activation, inputs: Inputs): Outputs {
  const { rows, channels, x, dy, parameters } = inputs;
  return inScope(() => {
    const values = activation.parameters.map(({ name }) =>
      upload(parameters[name] as Float32Array, [channels]),
    );
    const forward = activation.forward(upload(x, [rows, channels]), values, true);
    const backward = activation.backward(forward.saved, values, upload(dy, [rows, channels]));
    return {
      y: download(forward.y),
      dx: download(backward.dx),
      dParameters: backward.dParameters.map((id) => download(id)),
    };
  });
}

/**
 * Where outputs leave the float64 reference by more than its error bounds allow, in words; empty where they
 * agree. Points whose reference leaves float32's range on the way are passed over. The backward pass sums up
 * in another order than the symbolic derivative, which is why it has `slack` times its bound.
 */
export function disagreements(expression: Expression, inputs: Inputs, outputs: Outputs, slack = 8): string[] {
  const { rows, channels, x, dy, parameters } = inputs;
  const found: string[] = [];
  const names = Object.keys(parameters);
  const slope = derivative(expression, 'x');
  const slopes = names.map((name) => derivative(expression, name));
  const check = (what: string, got: number, expected: number, tolerance: number): void => {
    if (Math.abs(got - expected) <= tolerance + negligible) return;
    found.push(`${what}: got ${got}, expected ${expected} within ${tolerance}`);
  };
  for (let channel = 0; channel < channels; channel++) {
    const at = Object.fromEntries(names.map((name) => [name, parameters[name]?.[channel] as number]));
    const sums = names.map(() => ({ value: 0, error: 0, size: 0, inRange: true }));
    for (let row = 0; row < rows; row++) {
      const index = row * channels + channel;
      const [point, gradient] = [x[index] as number, dy[index] as number];
      const place = `at x = ${point}, ${JSON.stringify(at)}`;
      const y = reference(expression, point, at);
      if (y.inRange) check(`y ${place}`, outputs.y[index] as number, y.value, 2 * y.error);
      const dx = reference(slope, point, at);
      if (dx.inRange && y.inRange) {
        check(
          `dx ${place}`,
          outputs.dx[index] as number,
          gradient * dx.value,
          Math.abs(gradient) * (slack * dx.error + rounding * Math.abs(dx.value)),
        );
      }
      slopes.forEach((formula, position) => {
        const term = reference(formula, point, at);
        const sum = sums[position] as { value: number; error: number; size: number; inRange: boolean };
        sum.value += gradient * term.value;
        sum.error += Math.abs(gradient) * term.error;
        sum.size += Math.abs(gradient * term.value);
        sum.inRange &&= term.inRange && y.inRange;
      });
    }
    sums.forEach(({ value, error, size, inRange }, position) => {
      if (!inRange) return;
      const got = outputs.dParameters[position]?.[channel] as number;
      check(`d${names[position]} ${JSON.stringify(at)}`, got, value, slack * error + rows * rounding * size);
    });
  }
  return found;
}
