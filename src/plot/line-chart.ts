import { scaleLinear, scaleLog } from 'd3-scale';
import { area, curveLinear, curveStepAfter, line } from 'd3-shape';
import { element, rounded, textContent } from './svg.ts';
import { seriesStyle, styleSheet } from './theme.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
  /** Ends of a band around the line, where there is one. */
  readonly low?: number;
  readonly high?: number;
}

/** A line; series of one name have one color in all panels. */
export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
}

export interface Panel {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly Series[];
  /** Whether the x axis is logarithmic. */
  readonly logarithmic?: boolean;
  /** What the y axis shows; all of the bands unless given. Lines beyond are cut off. */
  readonly yRange?: readonly [number, number];
  /** Values hold until the next point, as those of a best score so far. */
  readonly steps?: boolean;
  readonly yFormat?: (value: number) => string;
}

export interface Chart {
  readonly title: string;
  /** What is said below the title. */
  readonly subtitle?: string;
  readonly panels: readonly Panel[];
}

const panelWidth = 430;
const panelHeight = 300;
const inside = { left: 62, right: 16, top: 30, bottom: 46 };

/**
 * Panels side by side with one legend, as an SVG document: legible in light and dark themes and with any
 * color vision, without scripts and external fonts. The same data give the same text.
 */
export function lineChart({ title, subtitle, panels }: Chart): string {
  const names = [...new Set(panels.flatMap(({ series }) => series.map(({ name }) => name)))];
  const width = panelWidth * panels.length;
  const key = legend(names, width);
  const top = (subtitle === undefined ? 34 : 52) + key.height;
  const height = top + panelHeight;
  return `${element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${width} ${height}`, width, height, role: 'img' },
    element('title', {}, textContent(subtitle === undefined ? title : `${title}: ${subtitle}`)),
    element('style', {}, textContent(styleSheet()).replaceAll('&quot;', '"')),
    element('rect', { class: 'ground', width, height }),
    element('text', { class: 'title', x: 16, y: 22 }, textContent(title)),
    ...(subtitle === undefined
      ? []
      : [element('text', { class: 'quiet', x: 16, y: 40 }, textContent(subtitle))]),
    element('g', { transform: `translate(16 ${top - key.height})` }, ...key.parts),
    ...panels.map((panel, index) =>
      element(
        'g',
        { transform: `translate(${index * panelWidth} ${top})` },
        ...drawPanel(panel, index, names),
      ),
    ),
  )}\n`;
}

/** Names with a piece of their lines, in as many rows as they need. */
function legend(
  names: readonly string[],
  width: number,
): { readonly parts: string[]; readonly height: number } {
  let [x, y] = [0, 12];
  const parts = names.map((name, index) => {
    const { className, dashes } = seriesStyle(index);
    const wide = 38 + 7.2 * [...name].length + 18;
    if (x > 0 && x + wide > width - 32) [x, y] = [0, y + 18];
    const part = element(
      'g',
      { class: className, transform: `translate(${rounded(x)} ${y})` },
      element('path', { class: 'line', d: 'M0,-4H30', 'stroke-dasharray': dashes }),
      element('text', { x: 38 }, textContent(name)),
    );
    x += wide;
    return part;
  });
  return { parts, height: y + 8 };
}

function drawPanel(panel: Panel, number: number, names: readonly string[]): string[] {
  const { series, logarithmic = false, steps = false } = panel;
  const points = series.flatMap((one) => one.points);
  const [left, right] = xExtent(
    points.map(({ x }) => x),
    logarithmic,
  );
  const [bottom, top] = panel.yRange ?? extent(points.flatMap(({ y, low = y, high = y }) => [low, high, y]));
  const box = {
    x: inside.left,
    y: inside.top,
    right: panelWidth - inside.right,
    bottom: panelHeight - inside.bottom,
  };
  const x = (logarithmic ? scaleLog() : scaleLinear()).domain([left, right]).range([box.x, box.right]);
  const y = scaleLinear().domain([bottom, top]).range([box.bottom, box.y]).nice(6);
  const curve = steps ? curveStepAfter : curveLinear;
  const outline = area<Point>()
    .x((point) => x(point.x))
    .y0((point) => y(point.low ?? point.y))
    .y1((point) => y(point.high ?? point.y))
    .defined(({ y: middle, low = middle, high = middle }) => Number.isFinite(low) && Number.isFinite(high))
    .curve(curve)
    .digits(2);
  const path = line<Point>()
    .x((point) => x(point.x))
    .y((point) => y(point.y))
    .defined((point) => Number.isFinite(point.y))
    .curve(curve)
    .digits(2);
  const clip = `panel${number}`;
  const yTick = panel.yFormat ?? y.tickFormat(6);
  const xTicks = logarithmic ? decades(left, right) : x.ticks(6);
  const styled = series.map((one) => ({ ...one, ...seriesStyle(names.indexOf(one.name)) }));
  return [
    element('clipPath', { id: clip }, element('rect', rectangle(box))),
    element('text', { class: 'title', x: box.x, y: 16 }, textContent(panel.title)),
    ...y
      .ticks(6)
      .flatMap((tick) => [
        element('path', { class: 'grid', d: `M${box.x},${rounded(y(tick))}H${box.right}` }),
        element(
          'text',
          { class: 'quiet', x: box.x - 8, y: y(tick) + 4, 'text-anchor': 'end' },
          textContent(yTick(tick)),
        ),
      ]),
    ...xTicks.flatMap((tick) => [
      element('path', { class: 'axis', d: `M${rounded(x(tick))},${box.bottom}v5` }),
      element(
        'text',
        { class: 'quiet', x: x(tick), y: box.bottom + 18, 'text-anchor': 'middle' },
        textContent(tick.toLocaleString('en-US')),
      ),
    ]),
    element('path', { class: 'axis', d: `M${box.x},${box.y}V${box.bottom}H${box.right}` }),
    element(
      'text',
      { x: (box.x + box.right) / 2, y: panelHeight - 8, 'text-anchor': 'middle' },
      textContent(panel.xLabel),
    ),
    element(
      'text',
      { transform: `translate(14 ${(box.y + box.bottom) / 2}) rotate(-90)`, 'text-anchor': 'middle' },
      textContent(panel.yLabel),
    ),
    element(
      'g',
      { 'clip-path': `url(#${clip})` },
      ...styled
        .filter((one) => one.points.some(({ low, high }) => low !== undefined || high !== undefined))
        .map(({ points: own, className }) =>
          element('g', { class: className }, element('path', { class: 'band', d: outline(own) ?? '' })),
        ),
      ...styled.map(({ points: own, className, dashes }) =>
        element(
          'g',
          { class: className },
          element('path', { class: 'line', d: path(own) ?? '', 'stroke-dasharray': dashes }),
        ),
      ),
    ),
  ];
}

/** 1, 2, 5, 10, 20, … within the range. */
function decades(least: number, most: number): readonly number[] {
  const ticks: number[] = [];
  for (let power = 10 ** Math.floor(Math.log10(least)); power <= most; power *= 10) {
    ticks.push(...[1, 2, 5].map((step) => step * power).filter((tick) => tick >= least && tick <= most));
  }
  return ticks;
}

/** A logarithmic axis has positive values only. */
function xExtent(values: readonly number[], logarithmic: boolean): readonly [number, number] {
  if (!logarithmic) return extent(values);
  const positive = values.filter((value) => value > 0);
  if (positive.length === 0) return [1, 10];
  const [least, most] = [Math.min(...positive), Math.max(...positive)];
  return least < most ? [least, most] : [least / 2, most * 2];
}

/** Least and greatest finite value; a little around where they are one. */
function extent(values: readonly number[]): readonly [number, number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  if (least > most) return [0, 1];
  return least < most ? [least, most] : [least - 0.5, most + 0.5];
}

function rectangle(box: {
  readonly x: number;
  readonly y: number;
  readonly right: number;
  readonly bottom: number;
}) {
  return { x: box.x, y: box.y, width: box.right - box.x, height: box.bottom - box.y };
}
