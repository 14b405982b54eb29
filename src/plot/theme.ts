import { symbol, symbolCircle, symbolDiamond, symbolSquare, symbolTriangle, symbolWye } from 'd3-shape';
import type { Mark } from './chart.ts';
import { element } from './svg.ts';

/**
 * Colors of series that people with any color vision tell apart, after Okabe and Ito, "Color universal
 * design" (2008); for light and for dark surroundings. Dashes and shapes tell them apart without any color.
 */
const series = [
  { light: '#6b6b6b', dark: '#a8a8a8', dashes: '2 4', shape: symbolWye },
  { light: '#0072b2', dark: '#56b4e9', dashes: undefined, shape: symbolCircle },
  { light: '#c44e00', dark: '#f28e43', dashes: '9 4', shape: symbolTriangle },
  { light: '#00805c', dark: '#2fc795', dashes: '12 3 3 3', shape: symbolSquare },
  { light: '#b14a88', dark: '#e69ac6', dashes: '5 3', shape: symbolDiamond },
  { light: '#8a6a00', dark: '#e6c229', dashes: '1 3', shape: symbolCircle },
  { light: '#4a3fb5', dark: '#a99fff', dashes: '14 4', shape: symbolTriangle },
  { light: '#a01d1d', dark: '#ff8a8a', dashes: '8 3 2 3 2 3', shape: symbolSquare },
];

/** Places in the list of styles that have a meaning of their own. */
export const styles = {
  quiet: 0,
  first: 1,
  second: 2,
  third: 3,
  fourth: 4,
  fifth: 5,
  reference: 6,
  failure: 7,
} as const;

/** Class and dashes of the series at that place; from the ninth on they come again. */
export function seriesStyle(index: number): {
  readonly className: string;
  readonly dashes: string | undefined;
} {
  const place = index % series.length;
  return { className: `s${place}`, dashes: series[place]?.dashes };
}

/** The outline of a dot of the series at that place, around 0, 0. */
export function dotShape(index: number, area = 40): string {
  const shape = series[index % series.length]?.shape ?? symbolCircle;
  return symbol(shape, area).digits(2)() ?? '';
}

/** A piece of what a legend explains, 30 wide. */
export function swatch(mark: Mark, index: number): string {
  const dot = element('path', { class: 'dot', d: dotShape(index), transform: 'translate(15 -4)' });
  const line = (dashes?: string): string =>
    element('path', { class: 'line', d: 'M0,-4H30', 'stroke-dasharray': dashes });
  const swatches = {
    line: () => line(seriesStyle(index).dashes),
    steps: () => line(seriesStyle(index).dashes),
    dots: () => dot,
    intervals: () => line() + dot,
    bars: () => element('rect', { class: 'bar', x: 0, y: -10, width: 30, height: 11 }),
  } satisfies Record<Mark, () => string>;
  return swatches[mark]();
}

/**
 * The style sheet of all plots, below the class `plot`: it follows the reader's light or dark theme, prints
 * light, and needs no font but the system's.
 */
export function styleSheet(): string {
  const colors = (which: 'light' | 'dark'): string =>
    series
      .map(({ [which]: color }, index) => {
        const at = `.plot .s${index}`;
        return `${at} .line,${at} .band{stroke:${color}}${at} .band,${at} .dot,${at} .bar{fill:${color}}${at} .speck{stroke:${color}}`;
      })
      .join('');
  return [
    '.plot text{font-family:system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif;font-size:12px;fill:#1f2328}',
    '.plot .ground{fill:#ffffff}.plot .shade{fill:#dbeafa}.plot .axis{stroke:#59636e;fill:none}.plot .grid{stroke:#d1d9e0;fill:none}',
    '.plot .rule{stroke:#59636e;fill:none;stroke-dasharray:4 3}.plot .quiet{fill:#59636e}',
    '.plot .title{font-weight:600;font-size:13px}.plot .line{fill:none;stroke-width:2}',
    '.plot .band{fill-opacity:.1;stroke-opacity:.45;stroke-width:.75}.plot .bar{fill-opacity:.9}',
    '.plot .speck{fill:none;stroke-width:3;stroke-linecap:round;stroke-opacity:.6}',
    colors('light'),
    '@media screen and (prefers-color-scheme:dark){',
    '.plot text{fill:#e6edf3}.plot .ground{fill:#0d1117}.plot .shade{fill:#15263b}.plot .axis,.plot .rule{stroke:#9198a1}',
    '.plot .grid{stroke:#2b3139}.plot .quiet{fill:#9198a1}.plot .band{fill-opacity:.13}',
    colors('dark'),
    '}',
  ].join('');
}
