import type { LearnedParameters, LearnedValues } from '../study/learned.ts';

/** All values as little-endian float32, parameter after parameter, layer after layer: 4 bytes each. */
export function packLearned(values: LearnedValues): Buffer {
  const all = Object.values(values).flat(2);
  const bytes = Buffer.alloc(all.length * 4);
  all.forEach((value, index) => {
    bytes.writeFloatLE(value, index * 4);
  });
  return bytes;
}

/** The inverse: `summary` says how many channels each layer has. */
export function unpackLearned(summary: LearnedParameters, bytes: Buffer): LearnedValues {
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
