import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatasetStatus } from '../datasets/dataset.ts';
import { datasetNames, datasetStatus } from '../datasets/datasets.ts';
import { ActivationSearchError } from '../errors.ts';
import { cacheFolder, projectRoot, setUpCommandLine, toolVersion } from '../paths.ts';
import { gitRevision } from '../revision.ts';
import { type DatabaseState, inspectDatabase, sqliteVersions } from '../storage/inspect.ts';
import { examineMachine, freeBytes, type Machine } from './machine.ts';
import { buildIsOld, examinePackages, type InstalledPackage } from './packages.ts';
import { examineTensorflow, type TensorflowState } from './tensorflow-state.ts';

/** A problem or a note, and what to do about it. */
export interface Finding {
  readonly what: string;
  readonly remedy: string;
}

export interface Examination {
  /** Whether nothing is broken; notes do not count. */
  readonly ok: boolean;
  readonly tool: { readonly version: string; readonly revision: string | null; readonly folder: string };
  readonly node: { readonly version: string; readonly napi: number; readonly executable: string };
  readonly packages: readonly InstalledPackage[];
  readonly sqlite: { readonly package: string; readonly sqlite: string } | null;
  readonly tensorflow: TensorflowState;
  readonly machine: Machine;
  /** Variables of the environment that change how TensorFlow or this tool work. */
  readonly environment: Readonly<Record<string, string>>;
  readonly cache: { readonly folder: string; readonly freeBytes: number | null };
  readonly datasets: readonly DatasetStatus[];
  readonly database: DatabaseState | null;
  readonly problems: readonly Finding[];
  readonly notes: readonly Finding[];
}

/** Examines this installation and one database; changes nothing. */
export async function examine(database: string): Promise<Examination> {
  const problems: Finding[] = [];
  const sqlite = attempt(problems, sqliteVersions);
  const state = sqlite && attempt(problems, () => inspectDatabase(database));
  const packages = examinePackages();
  const tensorflow = await examineTensorflow();
  const datasets = datasetNames().map(datasetStatus);
  const machine = examineMachine();
  const cache = { folder: cacheFolder(), freeBytes: freeBytesNear(cacheFolder()) };
  problems.push(
    ...packages.filter(isWrong).map(({ name, wanted, installed }) => ({
      what: `the package ${name} is ${installed === null ? 'missing' : `of version ${installed}`}; ${wanted} is wanted`,
      remedy: `Run: ${setUpCommandLine}`,
    })),
    ...tensorflow.problems.map((what) => ({
      what,
      remedy: `Run: ${setUpCommandLine} (or remove node_modules first)`,
    })),
    ...datasets.flatMap(({ problem, remedy = '' }) =>
      problem === undefined ? [] : [{ what: problem, remedy }],
    ),
    ...(state?.problem === undefined ? [] : [{ what: state.problem, remedy: state.remedy ?? '' }]),
  );
  return {
    ok: problems.length === 0,
    tool: { version: toolVersion(), revision: gitRevision() ?? null, folder: projectRoot },
    node: {
      version: process.versions.node,
      napi: Number(process.versions.napi),
      executable: process.execPath,
    },
    packages,
    sqlite,
    tensorflow,
    machine,
    environment: notableEnvironment(),
    cache,
    datasets,
    database: state,
    problems,
    notes: [...notesOf(tensorflow, machine, cache.freeBytes)],
  };
}

/** A package that is there must be of the wanted version; only those that a search needs must be there. */
function isWrong({ wanted, installed, kind }: InstalledPackage): boolean {
  return installed === null ? kind === 'needed' : installed !== wanted;
}

function notesOf(tensorflow: TensorflowState, machine: Machine, free: number | null): Finding[] {
  const notes: (Finding & { readonly holds: boolean })[] = [
    {
      holds: buildIsOld(),
      what: 'sources are newer than the build that runs',
      remedy: 'Run: npm run build',
    },
    {
      holds: tensorflow.source === 'installer',
      what: "TensorFlow came from tfjs-node's own installer: an old version whose hash is not pinned",
      remedy: `Remove node_modules and run ${setUpCommandLine} where pip reaches a package index.`,
    },
    {
      holds: !tensorflow.platformTested,
      what: `nobody has tested this tool on ${process.platform}-${process.arch} yet`,
      remedy: 'Run npm test once before you rely on results.',
    },
    {
      holds: machine.memoryBytes < machine.cores * 1.5e9,
      what: 'there is less than 1.5 GB of memory for each core',
      remedy: 'Search with fewer workers: --workers 1',
    },
    {
      holds: free !== null && free < 1e9,
      what: 'less than 1 GB is free on the disk of the cache',
      remedy: 'Make room, or name a folder on another disk in ACTIVATION_SEARCH_CACHE.',
    },
  ];
  return notes.filter(({ holds }) => holds).map(({ what, remedy }) => ({ what, remedy }));
}

function notableEnvironment(): Record<string, string> {
  const notable =
    /^(TF_(NUM|ENABLE|CPP|XLA|DISABLE|SET)_\w+|(ONEDNN|DNNL|OMP|MKL|ACTIVATION_SEARCH)_\w+|NODE_OPTIONS|LD_\w+)$/;
  const set = Object.entries(process.env).filter(([name]) => notable.test(name));
  return Object.fromEntries(set.map(([name, value]) => [name, value ?? '']));
}

/** Free space on the disk where the folder is or will be made. */
function freeBytesNear(folder: string): number | null {
  if (existsSync(folder)) return freeBytes(folder);
  const parent = dirname(folder);
  return parent === folder ? null : freeBytesNear(parent);
}

/**
 * The result of `action`. If it fails for a reason that a person can mend, adds a problem and returns null.
 */
function attempt<T>(problems: Finding[], action: () => T): T | null {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof ActivationSearchError)) throw error;
    problems.push({ what: error.message, remedy: error.hint ?? '' });
    return null;
  }
}
