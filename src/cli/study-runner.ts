import { realpathSync } from 'node:fs';
import { hostname } from 'node:os';
import { Option } from 'commander';
import { isNetwork, isScript } from '../children/recipe.ts';
import { datasetStatus } from '../datasets/datasets.ts';
import { ActivationSearchError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { shortHash } from '../queue/queue-messages.ts';
import { QueueRunner } from '../queue/queue-runner.ts';
import { serverAddress } from '../queue/server-address.ts';
import { openServer, type QueueServer } from '../queue/server-connection.ts';
import type { QueueStudy } from '../queue/study-claim.ts';
import type { WorkerNews } from '../queue/worker-watch.ts';
import { datasetsOf } from '../search/recipes.ts';
import type { TrialRunner } from '../search/run-study.ts';
import type { StudyPlan } from '../search/study-plan.ts';
import type { Store, StudyRecord } from '../storage/store.ts';
import { networkArithmeticOf } from '../trial/network-arithmetic.ts';
import { WorkerPool } from '../trial/pool.ts';
import type { NetworkArithmetic } from '../trial/protocol.ts';
import type { Flags } from './study-flags.ts';

/** Trials at a time over a queue, unless --workers says another number. */
const mostOverQueue = 1024;

/** Who trains a study, and how many trials it may hand over at a time. */
export interface StudyRunner {
  readonly runner: TrialRunner;
  readonly workers: number;
  /** What estimates of the time left go by. */
  readonly places: number;
  /** Whether the trainers may have several arithmetics. */
  readonly mixes: boolean;
  end(): Promise<void>;
}

/** Where trials are trained, if not on this machine. */
export interface OverServer {
  readonly server?: QueueServer | undefined;
  /** The most trials at a time over the server. */
  readonly limit?: number | undefined;
  /** `any` lets workers of every arithmetic in; by default all have that of the study. */
  readonly arithmetic?: string | undefined;
}

interface Runnable {
  readonly store: Store;
  readonly study: StudyRecord;
  readonly plan: StudyPlan;
}

export function connectOption(what: string): Option {
  return new Option('--connect <url>', what);
}

export function arithmeticOption(): Option {
  return new Option(
    '--arithmetic <which>',
    'with --connect: workers of one arithmetic, or of any, within each of which trials are paired (default: one)',
  ).choices(['one', 'any']);
}

/** The server that --connect names; undefined without it. The URL's password leaves the list of processes. */
export async function serverOf(url: string | undefined): Promise<QueueServer | undefined> {
  if (url === undefined) return undefined;
  process.title = 'activation-search';
  return openServer(serverAddress(url));
}

/**
 * The flags of a command with the server that --connect names, whose --workers limits the trials at a time.
 */
export async function connectedFlags<Given extends Flags & OverServer & { readonly connect?: string }>(
  flags: Given,
): Promise<Given & OverServer> {
  if (flags.arithmetic !== undefined && flags.connect === undefined) {
    throw new ActivationSearchError('usage', '--arithmetic says which workers of a server may train.', {
      hint: 'Give it with --connect; a study on this machine has one arithmetic.',
    });
  }
  const server = await serverOf(flags.connect);
  const limit = flags.workers === undefined ? undefined : Number(flags.workers);
  return { ...flags, server, limit };
}

/** The trainers of a study: worker processes of this machine. */
export function localRunner({ plan }: Runnable, logger: Logger): StudyRunner {
  const { workers } = plan.config;
  const pool = new WorkerPool({ workers, logger });
  return { runner: pool, workers, places: workers, mixes: false, end: async () => pool.kill() };
}

/** The trainers of a study: workers that are connected to a server. `limit` is the most trials at a time. */
export async function queueRunner(
  session: Runnable,
  server: QueueServer,
  { limit, arithmetic }: OverServer,
  logger: Logger,
  onNews: (news: WorkerNews) => void,
): Promise<StudyRunner> {
  const study = queueStudy(session, arithmetic === 'any');
  const runner = await QueueRunner.open(server, study, { logger, onNews });
  const workers = limit ?? mostOverQueue;
  const places = Math.min(workers, runner.places);
  return { runner, workers, places, mixes: study.mixed, end: () => runner.close() };
}

function queueStudy({ store, study, plan }: Runnable, anyArithmetic: boolean): QueueStudy {
  const { recipes, activation, precision } = plan.config;
  const named = Object.entries(recipes);
  const networks = Object.values(recipes).some(isNetwork);
  const datasets = datasetsOf(recipes).map((name) => [name, datasetStatus(name).sha256 ?? null]);
  return {
    key: shortHash([study.name, study.createdAt, study.seed, study.space]),
    study: study.name,
    database: shortHash([hostname(), realpathSync(store.file)]),
    activation,
    precision,
    recipes,
    networks,
    mixed: networks && anyArithmetic,
    commands: named.filter(([, recipe]) => isScript(recipe)).map(([name]) => name),
    datasets: Object.fromEntries(datasets),
    arithmetic: storedArithmetic(store, study),
  };
}

/** The arithmetic of the first stored trial of a network. */
function storedArithmetic(store: Store, { id }: StudyRecord): NetworkArithmetic | undefined {
  for (const candidate of store.candidatesOf(id)) {
    for (const { arithmetic } of store.trialsOf(candidate.id)) {
      const found = arithmetic === null ? undefined : networkArithmeticOf(arithmetic);
      if (found) return found;
    }
  }
  return undefined;
}
