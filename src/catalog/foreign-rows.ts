import { plain } from './catalog.ts';

/** A function of another language: its argument names after x, and what it means. */
export interface ForeignFunction {
  readonly extra: readonly {
    readonly names: readonly string[];
    /** What it is where it is not given; `none`: the operator that takes it is left out. */
    readonly initial: number | 'none' | undefined;
  }[];
  readonly formula: string;
}

export type ForeignRows = ReadonlyMap<string, ForeignFunction>;

/** The rows of a table of foreign functions by plain name. */
export function readRows(rows: Readonly<Record<string, string>>): ForeignRows {
  return new Map(
    Object.entries(rows).map(([signature, formula]) => {
      const [, name, list] = /^(\w+)\(x(.*)\)$/.exec(signature) as unknown as [string, string, string];
      const extra = list.split(',').slice(1).map(readArgumentName);
      return [plain(name), { extra, formula }];
    }),
  );
}

/** `low|min = none` and the like. */
function readArgumentName(text: string): ForeignFunction['extra'][number] {
  const [names, initial] = text.split('=').map((part) => part.trim());
  return {
    names: (names as string).split('|'),
    initial: initial === undefined || initial === 'none' ? initial : Number(initial),
  };
}
