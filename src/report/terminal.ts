import { createColors } from 'picocolors';

export type Colors = ReturnType<typeof createColors>;

/** What standard output can show. */
export interface Terminal {
  /** Columns; 80 where it is no terminal and COLUMNS says nothing. */
  readonly width: number;
  /** Paints nothing where standard output is no terminal, or NO_COLOR is set. */
  readonly colors: Colors;
  /** Braille, arrows and ellipses, or plain ASCII: after the locale, and NO_UNICODE. */
  readonly unicode: boolean;
}

/** The terminal, or whatever else standard output is. */
export function terminal(
  stream: { readonly isTTY?: boolean; readonly columns?: number } = process.stdout,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Terminal {
  const isTerminal = stream.isTTY === true;
  const named = Number(environment.COLUMNS);
  const width = (isTerminal && stream.columns) || (Number.isInteger(named) && named > 0 ? named : 80);
  const colored = isTerminal && !environment.NO_COLOR && environment.TERM !== 'dumb';
  const locale = environment.LC_ALL || environment.LC_CTYPE || environment.LANG || '';
  const unicode = !environment.NO_UNICODE && /utf-?8/i.test(locale);
  return { width, colors: createColors(colored), unicode };
}
