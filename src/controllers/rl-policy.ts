import type { Random } from '../random.ts';
import { attribute, download, execute, executeMany, inScope, type TensorId, upload } from '../tensorflow.ts';
import {
  embeddingRows,
  type Part,
  type PolicyShape,
  type PolicyWeights,
  partsOf,
  viewsOf,
} from './rl-weights.ts';

/** Choices of a batch: that of decision t of sequence i at t * size + i. */
export interface Choices {
  readonly values: Int32Array;
  /** Number of sequences. */
  readonly size: number;
}

/**
 * Log-probability of each choice: [decisions, size, most choices]; below -1e29 where a decision has fewer.
 */
export type LogProbabilities = Float32Array;

/**
 * `size` sequences drawn from the policy, each choice with its probability, and the log-probability of each
 * drawn sequence. Takes one uniform number a decision, sequence by sequence.
 */
export function sample(
  shape: PolicyShape,
  weights: PolicyWeights,
  size: number,
  random: Random,
): { readonly choices: Choices; readonly logProbabilities: Float64Array } {
  const { counts, hidden } = shape;
  const most = Math.max(...counts);
  const draws = Float64Array.from({ length: size * counts.length }, () => random.uniform());
  const values = new Int32Array(counts.length * size);
  const logProbabilities = new Float64Array(size);
  inScope(() => {
    const parts = uploadWeights(shape, weights);
    const peephole = zeros([hidden]);
    let state: TensorId = zeros([size, hidden]);
    let output: TensorId = state;
    for (let step = 0; step < counts.length; step++) {
      const rows = upload(inputRows(counts, values, size, step, 1), [size]);
      const input = execute('GatherV2', [parts.embedding, rows, axis0()]);
      const cell = [input, state, output, parts.kernel, peephole, peephole, peephole, parts.bias];
      const outputs = executeMany('LSTMBlockCell', cell, 7, cellAttributes);
      state = outputs[1] as TensorId;
      output = outputs[6] as TensorId;
      const views = viewsOf(shape, weights);
      const head = upload(slice(views.heads, step, hidden * most), [hidden, most]);
      const headBias = upload(slice(views.headBias, step, most), [most]);
      const logits = execute('BiasAdd', [execute('MatMul', [output, head]), headBias]);
      const row = download(execute('LogSoftmax', [logits]));
      for (let index = 0; index < size; index++) {
        const choice = draw(
          row,
          index * most,
          counts[step] as number,
          draws[index * counts.length + step] as number,
        );
        values[step * size + index] = choice;
        logProbabilities[index] =
          (logProbabilities[index] as number) + (row[index * most + choice] as number);
      }
    }
  });
  return { choices: { values, size }, logProbabilities };
}

/** The choice at which the sum of probabilities passes `uniform`. */
function draw(logProbabilities: Float32Array, start: number, count: number, uniform: number): number {
  let rest = uniform;
  for (let choice = 0; choice < count - 1; choice++) {
    rest -= Math.exp(logProbabilities[start + choice] as number);
    if (rest < 0) return choice;
  }
  return count - 1;
}

/** Log-probabilities of all choices along the given sequences. */
export function policyLogProbabilities(
  shape: PolicyShape,
  weights: PolicyWeights,
  choices: Choices,
): LogProbabilities {
  return inScope(() => download(forward(shape, weights, choices).logProbabilities));
}

/**
 * The gradient, by all weights, of any quantity of the log-probabilities: `slope` takes these and returns the
 * quantity's derivative by the logits (the softmax layers' inputs), in the same order.
 */
export function gradient(
  shape: PolicyShape,
  weights: PolicyWeights,
  choices: Choices,
  slope: (logProbabilities: LogProbabilities) => Float32Array,
): PolicyWeights {
  return inScope(() => {
    const pass = forward(shape, weights, choices);
    const { counts, hidden } = shape;
    const { size } = choices;
    const { parts, lstm, lstmInputs } = pass;
    const logitSlope = upload(slope(download(pass.logProbabilities)), [
      counts.length,
      size,
      Math.max(...counts),
    ]);
    const outputs = lstm[6] as TensorId;
    const outputSlope = execute('BatchMatMulV2', [logitSlope, parts.heads], [attribute.bool('adj_y', true)]);
    const noSlope = zeros([counts.length, size, hidden]);
    const lstmSlopes = executeMany('BlockLSTMGrad', [...lstmInputs, ...lstm, noSlope, outputSlope], 8, [
      attribute.bool('use_peephole', false),
    ]);
    const rows = upload(Int32Array.of(embeddingRows(counts)), []);
    const slopes = {
      embedding: execute('UnsortedSegmentSum', [lstmSlopes[0] as TensorId, pass.rows, rows]),
      kernel: lstmSlopes[3] as TensorId,
      bias: lstmSlopes[7] as TensorId,
      heads: execute('BatchMatMulV2', [outputs, logitSlope], [attribute.bool('adj_x', true)]),
      headBias: execute('Sum', [logitSlope, upload(Int32Array.of(1), [1])]),
    };
    const found = new Float32Array(weights.length);
    const views = viewsOf(shape, found);
    for (const { name } of partsOf(shape)) views[name].set(download(slopes[name]));
    return found;
  });
}

interface Pass {
  readonly parts: Readonly<Record<Part['name'], TensorId>>;
  readonly rows: TensorId;
  readonly lstmInputs: readonly TensorId[];
  /** Input gates, cell states, forget and output gates, cell inputs, squashed cell states, outputs. */
  readonly lstm: readonly TensorId[];
  readonly logProbabilities: TensorId;
}

/** All steps of all sequences at once. */
function forward(shape: PolicyShape, weights: PolicyWeights, { values, size }: Choices): Pass {
  const { counts, hidden } = shape;
  const steps = counts.length;
  const parts = uploadWeights(shape, weights);
  const rows = upload(inputRows(counts, values, size, 0, steps), [steps, size]);
  const inputs = execute('GatherV2', [parts.embedding, rows, axis0()]);
  const first = zeros([size, hidden]);
  const peephole = zeros([hidden]);
  const length = execute('Cast', [upload(Int32Array.of(steps), [])], toInt64);
  const { kernel, bias, heads, headBias } = parts;
  const lstmInputs = [length, inputs, first, first, kernel, peephole, peephole, peephole, bias];
  const lstm = executeMany('BlockLSTM', lstmInputs, 7, cellAttributes);
  const logits = execute('AddV2', [execute('BatchMatMulV2', [lstm[6] as TensorId, heads]), headBias]);
  return { parts, rows, lstmInputs, lstm, logProbabilities: execute('LogSoftmax', [logits]) };
}

const cellAttributes = [
  attribute.float('forget_bias', 1),
  // Not above 0: no clipping.
  attribute.float('cell_clip', 0),
  attribute.bool('use_peephole', false),
];
const toInt64 = [attribute.int64('DstT')];

/** Rows of the embedding that steps from `start` on read. */
function inputRows(
  counts: readonly number[],
  values: Int32Array,
  size: number,
  start: number,
  steps: number,
): Int32Array {
  const rows = new Int32Array(steps * size);
  for (let step = Math.max(1, start); step < start + steps; step++) {
    const first = embeddingRows(counts.slice(0, step));
    for (let index = 0; index < size; index++) {
      rows[(step - start) * size + index] = first + (values[(step - 1) * size + index] as number);
    }
  }
  return rows;
}

/** The parts as views of the one array. */
function uploadWeights(shape: PolicyShape, weights: PolicyWeights): Record<Part['name'], TensorId> {
  const views = viewsOf(shape, weights);
  const entries = partsOf(shape).map(({ name, shape: sizes }) => [name, upload(views[name], sizes)] as const);
  return Object.fromEntries(entries) as Record<Part['name'], TensorId>;
}

function slice(values: Float32Array, index: number, size: number): Float32Array {
  return values.subarray(index * size, (index + 1) * size);
}

function zeros(shape: readonly number[]): TensorId {
  return upload(new Float32Array(shape.reduce((product, size) => product * size, 1)), shape);
}

function axis0(): TensorId {
  return upload(Int32Array.of(0), []);
}
