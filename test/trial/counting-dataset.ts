import type { Dataset } from '../../src/datasets/dataset.ts';

/** 2 x 4 images of one channel; image i has the bytes 10 i .. 10 i + 7 and class i. */
export function countingDataset(count: number): Dataset {
  const values = Uint8Array.from({ length: count * 8 }, (_, at) => 10 * Math.floor(at / 8) + (at % 8));
  const labels = Uint8Array.from({ length: count }, (_, image) => image);
  const split = { count, values, labels };
  const shape = { kind: 'images', height: 2, width: 4, channels: 1, classes: count } as const;
  return {
    name: 'counting',
    ...shape,
    train: split,
    validation: split,
    readTest: () => split,
    mean: [1],
    deviation: [2],
  };
}
