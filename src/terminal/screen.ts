import { createColors } from 'picocolors';

export type Colors = ReturnType<typeof createColors>;

/** What an output stream can show. */
export interface Screen {
  /** Columns; Infinity where the stream is no terminal, so that nothing is cut in a file or pipe. */
  readonly width: number;
  /** Paints nothing where the stream is no terminal, or NO_COLOR is set. */
  readonly colors: Colors;
  /** Braille, arrows and stars, or plain ASCII: after the locale, and NO_UNICODE. */
  readonly unicode: boolean;
  /** Whether lines that were written can be drawn again: a terminal that is not `dumb`. */
  readonly redraws: boolean;
}

/** The stream's abilities: standard output's unless another stream is given. */
export function screenOf(
  stream: { readonly isTTY?: boolean; readonly columns?: number } = process.stdout,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Screen {
  const isTerminal = stream.isTTY === true;
  const redraws = isTerminal && environment.TERM !== 'dumb';
  const locale = environment.LC_ALL || environment.LC_CTYPE || environment.LANG || '';
  return {
    width: isTerminal ? stream.columns || 80 : Number.POSITIVE_INFINITY,
    colors: createColors(redraws && !environment.NO_COLOR),
    unicode: !environment.NO_UNICODE && /utf-?8/i.test(locale),
    redraws,
  };
}
