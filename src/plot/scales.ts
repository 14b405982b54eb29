import { scaleLinear, scaleLog } from 'd3-scale';
import type { Axis } from './chart.ts';

/** Where a value lies on an axis, in units of the picture, and the values that are marked there. */
export interface AxisScale {
  place(value: number): number;
  readonly ticks: readonly number[];
  text(tick: number): string;
}

/** How an axis without a given range ends. */
interface Ends {
  /** At round numbers. */
  readonly nice: boolean;
  /** A little beyond the values, so that dots are whole. */
  readonly padded: boolean;
}

/** An axis of numbers from one place of the picture to another. */
export function numberScale(
  { logarithmic = false, range, format }: Axis,
  values: readonly number[],
  places: readonly [number, number],
  { nice, padded }: Ends,
): AxisScale {
  const shown = range ?? extent(values, logarithmic);
  const room = padded && !range && !logarithmic ? 0.04 * (shown[1] - shown[0]) : 0;
  const [least, most] = [shown[0] - room, shown[1] + room];
  const scale = (logarithmic ? scaleLog() : scaleLinear()).domain([least, most]).range(places);
  if (nice) scale.nice(6);
  return {
    place: (value) => scale(value),
    ticks: logarithmic ? decades(least, most) : scale.ticks(6),
    text: format ?? (logarithmic ? (tick) => tick.toLocaleString('en-US') : scale.tickFormat(6)),
  };
}

/** Names from top to bottom, each in the middle of a line of this height. */
export function nameScale(names: readonly string[], top: number, lineHeight: number): AxisScale {
  return {
    place: (value) => top + (value + 0.5) * lineHeight,
    ticks: names.map((_, index) => index),
    text: (index) => names[index] ?? '',
  };
}

/** 1, 2, 5, 10, 20, … within the range. */
function decades(least: number, most: number): readonly number[] {
  const ticks: number[] = [];
  for (let power = 10 ** Math.floor(Math.log10(least)); power <= most; power *= 10) {
    ticks.push(...[1, 2, 5].map((step) => step * power).filter((tick) => tick >= least && tick <= most));
  }
  return ticks;
}

/** Least and greatest finite value, positive if logarithmic; a little around where they are one. */
function extent(values: readonly number[], logarithmic: boolean): readonly [number, number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (!Number.isFinite(value) || (logarithmic && value <= 0)) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  if (least > most) return logarithmic ? [1, 10] : [0, 1];
  if (least < most) return [least, most];
  return logarithmic ? [least / 2, most * 2] : [least - 0.5, most + 0.5];
}
