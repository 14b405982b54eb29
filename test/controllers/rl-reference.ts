import type { Choices } from '../../src/controllers/rl-policy.ts';
import { type Part, type PolicyShape, partsOf } from '../../src/controllers/rl-weights.ts';

/**
 * The log-probabilities of the policy, worked out in float64 one number at a time, by the LSTM's textbook
 * equations.
 */
export function referenceLogProbabilities(
  shape: PolicyShape,
  weights: Float64Array,
  { values, size }: Choices,
): Float64Array {
  const { counts, embedding, hidden } = shape;
  const most = Math.max(...counts);
  const part = startsOf(shape);
  const at = (index: number): number => weights[index] as number;
  const found = new Float64Array(counts.length * size * most);
  for (let index = 0; index < size; index++) {
    let state = new Float64Array(hidden);
    let output = new Float64Array(hidden);
    let row = 0;
    counts.forEach((_, step) => {
      const input = [...Array(embedding).keys()].map((k) => at(part.embedding + row * embedding + k));
      const joined = [...input, ...output];
      const gate = (gateIndex: number, unit: number): number => {
        const column = gateIndex * hidden + unit;
        return joined.reduce(
          (sum, value, k) => sum + value * at(part.kernel + k * 4 * hidden + column),
          at(part.bias + column),
        );
      };
      const nextState = state.map(
        (value, unit) =>
          value * sigmoid(gate(2, unit) + 1) + sigmoid(gate(0, unit)) * Math.tanh(gate(1, unit)),
      );
      output = nextState.map((value, unit) => Math.tanh(value) * sigmoid(gate(3, unit)));
      state = nextState;
      const logits = [...Array(most).keys()].map((choice) =>
        output.reduce(
          (sum, value, unit) => sum + value * at(part.heads + (step * hidden + unit) * most + choice),
          at(part.headBias + step * most + choice),
        ),
      );
      const greatest = Math.max(...logits);
      const total = greatest + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - greatest), 0));
      logits.forEach((logit, choice) => {
        found[(step * size + index) * most + choice] = logit - total;
      });
      const before = counts.slice(0, step).reduce((sum, count) => sum + count, 0);
      row = 1 + before + (values[step * size + index] as number);
    });
  }
  return found;
}

/** Where each part begins in the array of all weights. */
export function startsOf(shape: PolicyShape): Record<Part['name'], number> {
  let start = 0;
  return Object.fromEntries(
    partsOf(shape).map(({ name, shape: sizes }) => {
      const entry = [name, start] as const;
      start += sizes.reduce((product, size) => product * size, 1);
      return entry;
    }),
  ) as Record<Part['name'], number>;
}

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
