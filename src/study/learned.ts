/** Values of each of a function's parameters after training: by name, then layer, then channel. */
export type LearnedValues = Readonly<Record<string, readonly (readonly number[])[]>>;

/** The same, summarized over the channels of each layer. */
export type LearnedParameters = Readonly<Record<string, readonly LearnedLayer[]>>;

export interface LearnedLayer {
  readonly channels: number;
  readonly mean: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly deviation: number;
}

/** Mean, extremes and standard deviation over the channels of each layer. */
export function summarizeLearned(values: LearnedValues): LearnedParameters {
  return Object.fromEntries(
    Object.entries(values).map(([name, layers]) => [name, layers.map(summarizeLayer)]),
  );
}

function summarizeLayer(channels: readonly number[]): LearnedLayer {
  const mean = channels.reduce((sum, value) => sum + value, 0) / channels.length;
  const squares = channels.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    channels: channels.length,
    mean,
    minimum: Math.min(...channels),
    maximum: Math.max(...channels),
    deviation: Math.sqrt(squares / channels.length),
  };
}
