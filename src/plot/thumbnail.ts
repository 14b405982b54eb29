import { line } from 'd3-shape';
import { element, rounded } from './svg.ts';
import { seriesStyle, styles } from './theme.ts';

/** Values of a function and of its slope at evenly spaced points from `from` to `to`. */
export interface SampledFunction {
  readonly from: number;
  readonly to: number;
  readonly values: Float64Array;
  readonly slopes: Float64Array;
}

const size = { width: 120, height: 72 };
/** What lies outside is cut off: most functions of interest stay within. */
const range = [-1.5, 3] as const;

/**
 * f and f' in a small picture with axes and without text, for a page that has `styleSheet`. The range is the
 * same for all functions, so that thumbnails compare.
 */
export function thumbnail({ from, to, values, slopes }: SampledFunction, description: string): string {
  const { width, height } = size;
  const [least, most] = range;
  const x = (at: number): number => ((at - from) / (to - from)) * width;
  const y = (value: number): number => ((most - value) / (most - least)) * height;
  const path = (sampled: Float64Array): string =>
    line<number>()
      .x((_, index) => (index / (sampled.length - 1)) * width)
      // Far outside, coordinates would only be long.
      .y((value) => Math.max(-height, Math.min(2 * height, y(value))))
      .defined(Number.isFinite)
      .digits(1)(Array.from(sampled)) ?? '';
  const curve = (sampled: Float64Array, style: number): string =>
    element(
      'g',
      { class: seriesStyle(style).className },
      element('path', {
        class: 'line',
        d: path(sampled),
        'stroke-dasharray': seriesStyle(style).dashes,
      }),
    );
  return element(
    'svg',
    { class: 'plot', viewBox: `0 0 ${width} ${height}`, ...size, role: 'img', 'aria-label': description },
    element('path', { class: 'grid', d: `M0,${rounded(y(0))}H${width}M${rounded(x(0))},0V${height}` }),
    curve(slopes, styles.second),
    curve(values, styles.first),
  );
}
