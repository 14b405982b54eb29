export interface Point {
  readonly x: number;
  readonly y: number;
  /** Ends of a band around a line (on the y axis), of an interval or of a bar (on the x axis). */
  readonly low?: number;
  readonly high?: number;
  /** What a reader sees who points at it. */
  readonly label?: string;
}

/**
 * How points are drawn: a line through them, a line whose values hold until the next point, dots, dots with
 * horizontal intervals, or horizontal bars from `low` (or 0) to `x`.
 */
export type Mark = 'line' | 'steps' | 'dots' | 'intervals' | 'bars';

/** Points that belong together; series of one name have one color in all panels. */
export interface Series {
  readonly name: string;
  /** A line unless given. */
  readonly mark?: Mark;
  /** Place in the list of styles; the place of its name among all names unless given. */
  readonly style?: number;
  readonly points: readonly Point[];
}

export interface Axis {
  readonly label: string;
  readonly logarithmic?: boolean;
  /** What the axis shows; all points and bands unless given. What lies beyond is cut off. */
  readonly range?: readonly [number, number];
  readonly format?: (value: number) => string;
  /** Makes a y axis a list, from top to bottom: a point at y lies on the line with that index. */
  readonly names?: readonly string[];
}

export interface Panel {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
  /** Lines of a list whose ground is shaded, by their indices. */
  readonly shaded?: readonly number[];
  /** Straight lines at these values, for comparison. */
  readonly rules?: readonly { readonly x?: number; readonly y?: number }[];
}

export interface Chart {
  readonly title: string;
  /** What is said below the title, a line each. */
  readonly notes?: readonly string[];
  readonly panels: readonly Panel[];
  /** Panels side by side; all of them unless given. */
  readonly columns?: number;
}
