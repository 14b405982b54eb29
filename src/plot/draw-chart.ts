import type { Chart } from './chart.ts';
import { type DrawnPanel, drawPanel } from './panel.ts';
import { element, textContent } from './svg.ts';
import { seriesStyle, styleSheet, swatch } from './theme.ts';

export interface ChartOptions {
  /** For a page that has `styleSheet` once for all of its charts. */
  readonly inline?: boolean;
}

const margin = 16;

/**
 * Panels with one legend as an SVG document: legible on light and dark pages, in print and with any color
 * vision, without scripts and external fonts. The same data give the same text.
 */
export function drawChart(chart: Chart, { inline = false }: ChartOptions = {}): string {
  const { title, notes = [], panels } = chart;
  const names = [...new Set(panels.flatMap(({ series }) => series.map(({ name }) => name)))];
  const styles = new Map(names.map((name, index) => [name, styleIndex(chart, name) ?? index]));
  const drawn = panels.map((panel) => drawPanel(panel, styles));
  const { places, width, height } = grid(drawn, chart.columns ?? panels.length, textWidth([title, ...notes]));
  const key = legend(chart, styles, width);
  const top = 34 + 18 * notes.length + key.height;
  const whole = { width, height: top + height };
  return `${element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      class: 'plot',
      viewBox: `0 0 ${whole.width} ${whole.height}`,
      ...whole,
      role: 'img',
    },
    element('title', {}, textContent([title, ...notes].join(': '))),
    ...(inline ? [] : [element('style', {}, textContent(styleSheet()).replaceAll('&quot;', '"'))]),
    element('rect', { class: 'ground', ...whole }),
    element('text', { class: 'title', x: margin, y: 22 }, textContent(title)),
    ...notes.map((note, index) =>
      element('text', { class: 'quiet', x: margin, y: 40 + 18 * index }, textContent(note)),
    ),
    element('g', { transform: `translate(${margin} ${top - key.height})` }, ...key.parts),
    ...drawn.map(({ parts }, index) => {
      const { x, y } = places[index] as { x: number; y: number };
      return element('g', { transform: `translate(${x} ${top + y})` }, ...parts);
    }),
  )}\n`;
}

function styleIndex({ panels }: Chart, name: string): number | undefined {
  return panels.flatMap(({ series }) => series).find((one) => one.name === name && one.style !== undefined)
    ?.style;
}

/** Room for each of these lines, rounded up. */
function textWidth(lines: readonly string[]): number {
  return 2 * margin + Math.max(...lines.map((line) => Math.ceil(7 * [...line].length)));
}

/** Where each panel lies: rows of `columns` panels, each as wide and high as its row and column need. */
function grid(panels: readonly DrawnPanel[], columns: number, leastWidth: number) {
  const count = Math.max(1, Math.min(columns, panels.length));
  const rowOf = (index: number): number => Math.floor(index / count);
  const most = (sizes: readonly number[]): number => Math.max(0, ...sizes);
  const widthOf = (column: number): number =>
    most(panels.filter((_, index) => index % count === column).map(({ width }) => width));
  const heightOf = (row: number): number =>
    most(panels.filter((_, index) => rowOf(index) === row).map(({ height }) => height));
  const sum = (several: number, sizeOf: (index: number) => number): number =>
    Array.from({ length: several }, (_, index) => sizeOf(index)).reduce((total, size) => total + size, 0);
  return {
    places: panels.map((_, index) => ({ x: sum(index % count, widthOf), y: sum(rowOf(index), heightOf) })),
    width: Math.max(leastWidth, sum(count, widthOf)),
    height: sum(Math.ceil(panels.length / count), heightOf),
  };
}

/** Names with a sample of their marks, in as many rows as they need. */
function legend(
  { panels }: Chart,
  styles: ReadonlyMap<string, number>,
  width: number,
): { readonly parts: readonly string[]; readonly height: number } {
  const all = panels.flatMap(({ series }) => series);
  let [x, y] = [0, 12];
  const parts = [...styles].map(([name, index]) => {
    const wide = 38 + 7.2 * [...name].length + 18;
    if (x > 0 && x + wide > width - 2 * margin) [x, y] = [0, y + 18];
    const mark = all.find((one) => one.name === name)?.mark ?? 'line';
    const part = element(
      'g',
      { class: seriesStyle(index).className, transform: `translate(${x} ${y})` },
      swatch(mark, index),
      element('text', { x: 38 }, textContent(name)),
    );
    x += wide;
    return part;
  });
  return { parts, height: y + 8 };
}
