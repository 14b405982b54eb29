import type { LearnedParameters } from './records.ts';

type Values = Readonly<Record<string, readonly (readonly number[])[]>>;

/** Mean, extremes and standard deviation over the channels of each layer; what is not finite becomes null in JSON. */
export function summarizeLearned(values: Values): LearnedParameters {
  return Object.fromEntries(
    Object.entries(values).map(([name, layers]) => [
      name,
      layers.map((channels) => {
        const mean = channels.reduce((sum, value) => sum + value, 0) / channels.length;
        const squares = channels.reduce((sum, value) => sum + (value - mean) ** 2, 0);
        return {
          channels: channels.length,
          mean,
          minimum: Math.min(...channels),
          maximum: Math.max(...channels),
          deviation: Math.sqrt(squares / channels.length),
        };
      }),
    ]),
  );
}

/** All values as little-endian float32, parameter after parameter, layer after layer: 4 bytes each. */
export function packLearned(values: Values): Buffer {
  const all = Object.values(values).flat(2);
  const bytes = Buffer.alloc(all.length * 4);
  all.forEach((value, index) => {
    bytes.writeFloatLE(value, index * 4);
  });
  return bytes;
}

/** The inverse: `summary` says how many channels each layer has. */
export function unpackLearned(summary: LearnedParameters, bytes: Buffer): Record<string, number[][]> {
  let offset = 0;
  const next = (): number => {
    offset += 4;
    return bytes.readFloatLE(offset - 4);
  };
  return Object.fromEntries(
    Object.entries(summary).map(([name, layers]) => [
      name,
      layers.map(({ channels }) => Array.from({ length: channels }, next)),
    ]),
  );
}
