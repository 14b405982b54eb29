import type { Screen } from './screen.ts';

/** One curve: values at evenly spaced x from `from` to `to`, both included. */
export interface Curve {
  readonly values: Float64Array;
  /** How it is drawn; a dashed one goes below a solid one. */
  readonly style: 'solid' | 'dashed';
}

export interface PlotOptions {
  readonly from: number;
  readonly to: number;
  /** Characters of the whole drawing, labels included. */
  readonly width: number;
  readonly height: number;
}

/** Values beyond it are cut off rather than flattening the rest. */
const farthest = 6;
const labelWidth = 6;

/**
 * Curves over axes as lines of text: braille dots, two by four a character, or plain ASCII. The first curve
 * decides the range of y, at most from -6 to 6.
 */
export function curvePlot(
  curves: readonly Curve[],
  options: PlotOptions,
  { unicode, colors }: Pick<Screen, 'unicode' | 'colors'>,
): readonly string[] {
  const columns = Math.max(8, options.width - labelWidth - 1);
  const rows = Math.max(4, options.height - 1);
  const [low, high] = range(curves[0]?.values ?? new Float64Array());
  const [wide, tall] = unicode ? [2, 4] : [1, 1];
  const rowOf = (y: number): number => ((high - y) / (high - low)) * (rows * tall - 1);
  const zeroRow = low <= 0 && high >= 0 ? Math.floor(rowOf(0) / tall + 1e-9) : undefined;
  const zeroColumn =
    options.from <= 0 && options.to >= 0
      ? Math.floor(((0 - options.from) / (options.to - options.from)) * (columns - 1e-9))
      : undefined;
  const layers = curves.map((curve) => ({ curve, dots: draw(curve, columns * wide, rows * tall, rowOf) }));

  const cell = (row: number, column: number): string => {
    for (const { curve, dots } of layers) {
      const bits = cellBits(dots, row, column, wide, tall, columns * wide);
      if (bits === 0) continue;
      const paint = curve.style === 'solid' ? colors.green : colors.yellow;
      if (unicode) return paint(String.fromCharCode(0x2800 + bits));
      return paint(curve.style === 'solid' ? '*' : '.');
    }
    return colors.dim(axis(row === zeroRow, column === zeroColumn, unicode));
  };
  const label = (row: number): string => {
    if (row === 0) return shortNumber(high);
    if (row === rows - 1) return shortNumber(low);
    return row === zeroRow ? '0' : '';
  };
  const body = Array.from({ length: rows }, (_, row) => {
    const cells = Array.from({ length: columns }, (_, column) => cell(row, column)).join('');
    return `${colors.dim(label(row).padStart(labelWidth))} ${cells}`.trimEnd();
  });
  return [...body, colors.dim(footer(options, columns, zeroColumn))];
}

function axis(horizontal: boolean, vertical: boolean, unicode: boolean): string {
  if (horizontal && vertical) return unicode ? '┼' : '+';
  if (horizontal) return unicode ? '─' : '-';
  if (vertical) return unicode ? '│' : '|';
  return ' ';
}

function footer({ from, to }: PlotOptions, columns: number, zeroColumn: number | undefined): string {
  const cells = ' '.repeat(columns).split('');
  const put = (text: string, at: number): void => {
    for (const [index, character] of [...text].entries()) cells[at + index] = character;
  };
  if (zeroColumn !== undefined) put('0', zeroColumn);
  put(shortNumber(from), 0);
  put(shortNumber(to), columns - shortNumber(to).length);
  return ' '.repeat(labelWidth + 1) + cells.join('');
}

/** Dots of a curve, column by column; a steep piece is filled between neighbors. */
function draw(curve: Curve, width: number, height: number, rowOf: (y: number) => number): Uint8Array {
  const dots = new Uint8Array(width * height);
  const { values, style } = curve;
  let before: number | undefined;
  for (let column = 0; column < width; column++) {
    const value = values[Math.round((column / (width - 1)) * (values.length - 1))] as number;
    const row = Number.isFinite(value) ? Math.round(rowOf(value)) : undefined;
    if (row !== undefined && (style === 'solid' || Math.floor(column / 2) % 3 !== 2)) {
      const start = before === undefined ? row : before + Math.sign(row - before);
      const [top, bottom] = [Math.min(start, row), Math.max(start, row)];
      for (let y = Math.max(0, top); y <= Math.min(height - 1, bottom); y++) dots[y * width + column] = 1;
    }
    before = row;
  }
  return dots;
}

/** Bits of braille dots (Unicode 2800 to 28FF), left column top to bottom 1 2 3 7, right column 4 5 6 8. */
const brailleBits = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

function cellBits(
  dots: Uint8Array,
  row: number,
  column: number,
  wide: number,
  tall: number,
  width: number,
): number {
  let bits = 0;
  for (let y = 0; y < tall; y++) {
    for (let x = 0; x < wide; x++) {
      if (dots[(row * tall + y) * width + column * wide + x]) bits |= brailleBits[y]?.[x as 0 | 1] ?? 1;
    }
  }
  return bits;
}

function range(values: Float64Array): readonly [number, number] {
  const inside = [...values].filter((value) => Number.isFinite(value));
  const low = Math.max(-farthest, Math.min(0, ...inside));
  const high = Math.min(farthest, Math.max(0, ...inside));
  if (high - low > 1e-9) return [low, high];
  return [low - 1, high + 1];
}

function shortNumber(value: number): string {
  if (Math.abs(value) < 1e-12) return '0';
  const text = Number(value.toPrecision(3)).toString();
  return text.length <= labelWidth ? text : value.toExponential(0);
}
