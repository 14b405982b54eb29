import type { Point } from '../../plot/chart.ts';

const bins = 40;

/** Shares of the values in 40 bins of one width within a range, as steps. */
export function histogram(
  values: Iterable<number>,
  [least, most]: readonly [number, number],
): readonly Point[] {
  const width = (most - least || 1) / bins;
  const counts = new Array<number>(bins).fill(0);
  let all = 0;
  for (const value of values) {
    all += 1;
    if (value < least || value > most) continue;
    const bin = Math.min(bins - 1, Math.floor((value - least) / width));
    counts[bin] = (counts[bin] as number) + 1;
  }
  const steps = counts.map((count, bin) => ({ x: least + bin * width, y: count / all }));
  return [...steps, { x: least + bins * width, y: 0 }];
}

/** Least and greatest of many values. */
export function rangeOfValues(values: Iterable<number>): readonly [number, number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) [least, most] = [Math.min(least, value), Math.max(most, value)];
  return [least, most];
}
