import type { Panel, Point, Series } from './chart.ts';
import { drawBand, drawSeries, type Places } from './marks.ts';
import { type AxisScale, nameScale, numberScale } from './scales.ts';
import { element, rounded, textContent } from './svg.ts';

/** A panel as elements around 0, 0, and the room that they take. */
export interface DrawnPanel {
  readonly width: number;
  readonly height: number;
  readonly parts: readonly string[];
}

/** The rectangle in which the series lie. */
interface Box {
  readonly x: number;
  readonly y: number;
  readonly right: number;
  readonly bottom: number;
}

const inside = { width: 352, height: 224 };
const margins = { left: 62, right: 16, top: 30, bottom: 46 };
const lineHeight = 20;
const mostNameWidth = 340;

/** Draws a panel; `styles` has the place in the list of styles of each series, by its name. */
export function drawPanel(panel: Panel, styles: ReadonlyMap<string, number>): DrawnPanel {
  const points = panel.series.flatMap((one) => one.points);
  const padded = hasDots(panel);
  const [top, bottom] = [margins.top, margins.top + heightOf(panel)];
  const y = panel.y.names
    ? nameScale(panel.y.names, top, lineHeight)
    : numberScale(panel.y, points.flatMap(yValues), [bottom, top], { nice: true, padded });
  const left = leftOf(panel, y);
  const box: Box = { x: left, y: top, right: left + inside.width, bottom };
  const x = numberScale(panel.x, points.flatMap(xValues(panel)), [box.x, box.right], { nice: false, padded });
  const [width, height] = [box.right + margins.right, box.bottom + margins.bottom];
  const places: Places = { x: x.place, y: y.place, lineHeight };
  return {
    width,
    height,
    parts: [
      ...shades(panel, box, width),
      element('text', { class: 'title', x: panel.y.names ? 16 : box.x, y: 16 }, textContent(panel.title)),
      ...yTicks(y, box, panel.y.names !== undefined),
      ...xTicks(x, box),
      element('path', { class: 'axis', d: `M${box.x},${box.y}V${box.bottom}H${box.right}` }),
      ...labels(panel, box, height),
      clipped(box, [
        ...(panel.rules ?? []).map((rule) => drawRule(rule, x, y, box)),
        ...drawAll(panel.series, styles, places),
      ]),
    ],
  };
}

/** Dots at the very end of an axis would be cut off. */
function hasDots({ series }: Panel): boolean {
  return series.some(({ mark }) => mark === 'dots' || mark === 'intervals');
}

/** All bands lie below all lines. */
function drawAll(
  series: readonly Series[],
  styles: ReadonlyMap<string, number>,
  places: Places,
): readonly string[] {
  const styled = series.map((one) => ({ one, style: styles.get(one.name) ?? 0 }));
  return [
    ...styled.flatMap(({ one, style }) => drawBand(one, style, places) ?? []),
    ...styled.map(({ one, style }) => drawSeries(one, style, places)),
  ];
}

function heightOf({ y: { names } }: Panel): number {
  return names ? Math.max(1, names.length) * lineHeight : inside.height;
}

/** Room for the longest text beside the y axis; beside that of numbers stands its label too. */
function leftOf({ y: { names } }: Panel, { ticks, text }: AxisScale): number {
  const longest = Math.max(0, ...ticks.map((tick) => Math.ceil(6.8 * [...text(tick)].length)));
  return Math.min(names ? mostNameWidth : Infinity, Math.max(margins.left, 32 + longest));
}

/** Ends of intervals and bars lie on the x axis, those of bands on the y axis. */
function xValues({ y: { names } }: Panel): (point: Point) => readonly number[] {
  return ({ x, low = x, high = x }) => (names ? [low, high, x] : [x]);
}

function yValues({ y, low = y, high = y }: Point): readonly number[] {
  return [low, high, y];
}

function shades({ shaded = [] }: Panel, { y }: Box, width: number): readonly string[] {
  return shaded.map((line) =>
    element('rect', {
      class: 'shade',
      x: 8,
      y: y + line * lineHeight,
      width: width - 16,
      height: lineHeight,
    }),
  );
}

function yTicks(scale: AxisScale, box: Box, isList: boolean): readonly string[] {
  return scale.ticks.flatMap((tick) => [
    element('path', { class: 'grid', d: `M${box.x},${rounded(scale.place(tick))}H${box.right}` }),
    element(
      'text',
      {
        class: isList ? undefined : 'quiet',
        x: box.x - 8,
        y: scale.place(tick) + 4,
        'text-anchor': 'end',
      },
      textContent(isList ? shortened(scale.text(tick)) : scale.text(tick)),
    ),
  ]);
}

/** A name that fits in the room of the longest. */
function shortened(name: string): string {
  const most = Math.floor((mostNameWidth - 32) / 6.8);
  const letters = [...name];
  return letters.length <= most ? name : `${letters.slice(0, most - 1).join('')}…`;
}

function xTicks(scale: AxisScale, { bottom }: Box): readonly string[] {
  return scale.ticks.flatMap((tick) => [
    element('path', { class: 'axis', d: `M${rounded(scale.place(tick))},${bottom}v5` }),
    element(
      'text',
      { class: 'quiet', x: scale.place(tick), y: bottom + 18, 'text-anchor': 'middle' },
      textContent(scale.text(tick)),
    ),
  ]);
}

function labels({ x, y }: Panel, box: Box, height: number): readonly string[] {
  const middle = { x: (box.x + box.right) / 2, y: (box.y + box.bottom) / 2 };
  const across = `translate(14 ${rounded(middle.y)}) rotate(-90)`;
  return [
    element('text', { x: middle.x, y: height - 8, 'text-anchor': 'middle' }, textContent(x.label)),
    ...(y.label === ''
      ? []
      : [element('text', { transform: across, 'text-anchor': 'middle' }, textContent(y.label))]),
  ];
}

function drawRule(
  { x: atX, y: atY }: { readonly x?: number; readonly y?: number },
  x: AxisScale,
  y: AxisScale,
  box: Box,
): string {
  const across = atY === undefined ? '' : `M${box.x},${rounded(y.place(atY))}H${box.right}`;
  const down = atX === undefined ? '' : `M${rounded(x.place(atX))},${box.y}V${box.bottom}`;
  return element('path', { class: 'rule', d: across + down });
}

/** A nested document is clipped without an identifier, which might occur twice on a page. */
function clipped({ x, y, right, bottom }: Box, parts: readonly string[]): string {
  const [width, height] = [right - x, bottom - y];
  const viewBox = [x, y, width, height].map(rounded).join(' ');
  return element('svg', { x, y, width, height, viewBox }, ...parts);
}
