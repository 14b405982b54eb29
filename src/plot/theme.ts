/**
 * Colors of series that people with any color vision tell apart, after Okabe and Ito, "Color universal
 * design" (2008); for light and for dark surroundings. Dashes tell them apart without any color.
 */
const series = [
  { light: '#6b6b6b', dark: '#a8a8a8', dashes: '2 4' },
  { light: '#0072b2', dark: '#56b4e9', dashes: undefined },
  { light: '#c44e00', dark: '#f28e43', dashes: '9 4' },
  { light: '#00805c', dark: '#2fc795', dashes: '12 3 3 3' },
  { light: '#b14a88', dark: '#e69ac6', dashes: '5 3' },
  { light: '#8a6a00', dark: '#e6c229', dashes: '1 3' },
  { light: '#4a3fb5', dark: '#a99fff', dashes: '14 4' },
  { light: '#a01d1d', dark: '#ff8a8a', dashes: '8 3 2 3 2 3' },
];

/** Color and dashes of the series at that place; from the ninth on they come again. */
export function seriesStyle(index: number): {
  readonly className: string;
  readonly dashes: string | undefined;
} {
  const place = index % series.length;
  return { className: `s${place}`, dashes: series[place]?.dashes };
}

/** The style sheet of a plot: follows the reader's light or dark theme, needs no font but the system's. */
export function styleSheet(): string {
  const colors = (which: 'light' | 'dark'): string =>
    series
      .map(
        (one, index) =>
          `.s${index} .line{stroke:${one[which]}}.s${index} .band{fill:${one[which]};stroke:${one[which]}}`,
      )
      .join('');
  return [
    'text{font:12px system-ui,-apple-system,"Segoe UI",sans-serif;fill:#1f2328}',
    '.ground{fill:#ffffff}.axis{stroke:#59636e;fill:none}.grid{stroke:#d1d9e0;fill:none}.quiet{fill:#59636e}',
    '.title{font-weight:600;font-size:13px}.line{fill:none;stroke-width:2}.band{fill-opacity:.1;stroke-opacity:.45;stroke-width:.75}',
    colors('light'),
    '@media (prefers-color-scheme:dark){',
    'text{fill:#e6edf3}.ground{fill:#0d1117}.axis{stroke:#9198a1}.grid{stroke:#2b3139}.quiet{fill:#9198a1}.band{fill-opacity:.13}',
    colors('dark'),
    '}',
  ].join('');
}
