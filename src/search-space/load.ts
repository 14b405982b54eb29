import { basename, dirname, extname } from 'node:path';
import { ActivationSearchError } from '../errors.ts';
import { searchSpaceFolder, shownPath } from '../paths.ts';
import { type FileKind, locateFile, shippedNames } from '../shipped-files.ts';
import { type Problem, readYamlFile, refuseProblems, type YamlFile } from '../yaml-file.ts';
import { readPrimitives } from './primitives.ts';
import { createSearchSpace, type Primitive, type SearchSpace } from './space.ts';
import { mostUnits, type SpaceFile, spaceFile, unitCount } from './space-file.ts';
import { missingLists, spaceFileProblems } from './space-file-problems.ts';

export interface LoadOptions {
  /** Core units instead of the file's. */
  readonly units?: number | undefined;
  /** The folder to which a path is relative; the working folder without it. */
  readonly folder?: string;
}

const spaceFiles: FileKind = {
  folder: searchSpaceFolder,
  what: 'search space',
  example: './my-space.yaml',
  code: 'search-space',
};

/** Names of the spaces that ship with the tool, in alphabetical order. */
export function shippedSpaceNames(): string[] {
  return shippedNames(spaceFiles);
}

/**
 * The search space of a shipped name (`paper`) or of a YAML file anywhere. Refuses what does not exist and
 * files with any mistake, all of them named at once with line and column.
 */
export function loadSearchSpace(nameOrFile: string, options: LoadOptions = {}): SearchSpace {
  if (options.units !== undefined && !unitCount.safeParse(options.units).success) {
    throw new ActivationSearchError('search-space', `${options.units} core units are not possible.`, {
      hint: `Give a whole number from 1 to ${mostUnits}.`,
    });
  }
  const file = locateFile(spaceFiles, nameOrFile, options.folder ?? process.cwd());
  const source = readSource(file, []);
  return createSearchSpace({ ...source, file, units: options.units ?? source.units });
}

interface Source {
  readonly name: string;
  readonly description: string;
  readonly units: number;
  readonly unary: readonly Primitive[];
  readonly binary: readonly Primitive[];
}

/** `extendedBy` are the files on the way here, outermost first. */
function readSource(file: string, extendedBy: readonly string[]): Source {
  const shown = shownPath(file);
  const yaml = readYamlFile(file, 'search-space', shown);
  const parsed = spaceFile.safeParse(yaml.value);
  const content = (yaml.value ?? {}) as Partial<SpaceFile>;
  const problems: Problem[] = [
    ...(parsed.success ? [] : spaceFileProblems(parsed.error, yaml)),
    ...missingLists(yaml),
  ];
  const base = parsed.success ? readBase(yaml, parsed.data, file, extendedBy) : undefined;
  const lists = ([1, 2] as const).map((arity) => {
    const inherited = (arity === 1 ? base?.unary : base?.binary) ?? [];
    const list = readPrimitives(yaml, arity, inherited);
    problems.push(...list.problems);
    return [...inherited, ...list.primitives];
  });
  refuseProblems(problems, shown, 'search-space');
  return {
    name: content.name ?? basename(file, extname(file)),
    description: content.description ?? '',
    units: content.units ?? base?.units ?? 1,
    unary: lists[0] ?? [],
    binary: lists[1] ?? [],
  };
}

function readBase(
  yaml: YamlFile,
  content: SpaceFile,
  file: string,
  extendedBy: readonly string[],
): Source | undefined {
  if (content.extends === undefined) return undefined;
  const place = yaml.placeOf(['extends']);
  const chain = [...extendedBy, file];
  let base: string;
  try {
    base = locateFile(spaceFiles, content.extends, dirname(file));
  } catch (error) {
    if (!(error instanceof ActivationSearchError)) throw error;
    const { message, hint = '' } = error;
    throw new ActivationSearchError('search-space', `extends: ${message}`, { place, hint });
  }
  if (chain.includes(base)) {
    const circle = [...chain.slice(chain.indexOf(base)), base].map(shownPath).join(' -> ');
    throw new ActivationSearchError('search-space', `the files extend each other in a circle: ${circle}.`, {
      place,
      hint: 'Remove one of the "extends".',
    });
  }
  return readSource(base, chain);
}
