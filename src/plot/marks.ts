import { area, curveLinear, curveStepAfter, line } from 'd3-shape';
import type { Mark, Point, Series } from './chart.ts';
import { element, rounded, textContent } from './svg.ts';
import { dotShape, seriesStyle } from './theme.ts';

/** Where a point lies in the picture. */
export interface Places {
  x(value: number): number;
  y(value: number): number;
  /** Height of a bar. */
  readonly lineHeight: number;
}

/** More dots than this are drawn as one path of specks, one for each small square of the picture. */
const mostShapes = 300;
const square = 2;

/** The band around a series of lines; null where it has none. */
export function drawBand(series: Series, style: number, { x, y }: Places): string | null {
  const { mark = 'line', points } = series;
  if (mark !== 'line' && mark !== 'steps') return null;
  if (!points.some(({ low, high }) => low !== undefined || high !== undefined)) return null;
  const outline = area<Point>()
    .x((point) => x(point.x))
    .y0((point) => y(point.low ?? point.y))
    .y1((point) => y(point.high ?? point.y))
    .defined(({ y: middle, low = middle, high = middle }) => Number.isFinite(low) && Number.isFinite(high))
    .curve(mark === 'steps' ? curveStepAfter : curveLinear)
    .digits(2);
  return colored(style, element('path', { class: 'band', d: outline(points) ?? '' }));
}

/** A series by its mark. */
export function drawSeries({ mark = 'line', points }: Series, style: number, places: Places): string {
  const finite = points.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
  return colored(style, ...marks[mark](mark === 'line' || mark === 'steps' ? points : finite, style, places));
}

type Drawing = (points: readonly Point[], style: number, places: Places) => readonly string[];

const marks = {
  line: (points, style, places) => [path(points, style, places, false)],
  steps: (points, style, places) => [path(points, style, places, true)],
  dots: (points, style, places) =>
    points.length > mostShapes ? [specks(points, places)] : points.map((point) => dot(point, style, places)),
  intervals: (points, style, places) =>
    points.flatMap((point) => [...interval(point, places), dot(point, style, places)]),
  bars: (points, _style, places) => points.map((point) => bar(point, places)),
} satisfies Record<Mark, Drawing>;

function path(points: readonly Point[], style: number, { x, y }: Places, steps: boolean): string {
  const drawn = line<Point>()
    .x((point) => x(point.x))
    .y((point) => y(point.y))
    .defined((point) => Number.isFinite(point.y))
    .curve(steps ? curveStepAfter : curveLinear)
    .digits(2);
  return element('path', {
    class: 'line',
    d: drawn(points) ?? '',
    'stroke-dasharray': seriesStyle(style).dashes,
  });
}

function dot(point: Point, style: number, { x, y }: Places): string {
  const transform = `translate(${rounded(x(point.x))} ${rounded(y(point.y))})`;
  return element('path', { class: 'dot', d: dotShape(style), transform }, ...tip(point));
}

function specks(points: readonly Point[], { x, y }: Places): string {
  const taken = new Set<string>();
  for (const point of points) {
    const near = (value: number): number => Math.round(value / square) * square;
    taken.add(`M${near(x(point.x))},${near(y(point.y))}h0`);
  }
  return element('path', { class: 'speck', d: [...taken].join('') });
}

function interval(point: Point, { x, y }: Places): readonly string[] {
  const { low, high } = point;
  if (low === undefined || high === undefined) return [];
  const [at, left, right] = [y(point.y), x(low), x(high)].map(rounded);
  return [element('path', { class: 'line', d: `M${left},${at}H${right}` })];
}

function bar(point: Point, { x, y, lineHeight }: Places): string {
  const [left, right] = [x(point.low ?? 0), x(point.x)];
  const height = 0.64 * lineHeight;
  const box = { x: Math.min(left, right), y: y(point.y) - height / 2, width: Math.abs(right - left), height };
  return element('rect', { class: 'bar', ...box }, ...tip(point));
}

function tip({ label }: Point): readonly string[] {
  return label === undefined ? [] : [element('title', {}, textContent(label))];
}

function colored(style: number, ...parts: readonly string[]): string {
  return element('g', { class: seriesStyle(style).className }, ...parts);
}
