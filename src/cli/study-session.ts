import { dirname, join } from 'node:path';
import { fileLogger, type Logger } from '../logger.ts';
import type { StudyEvent } from '../search/events.ts';
import { scoringOf } from '../search/open-study.ts';
import { runStudy } from '../search/run-study.ts';
import type { StopSignals } from '../search/stop.ts';
import type { StudyPlan } from '../search/study-plan.ts';
import type { Store, StudyRecord } from '../storage/store.ts';
import { WorkerPool } from '../trial/pool.ts';
import { liveView, type StudyView } from './live-view.ts';
import { printLine } from './output.ts';
import { jsonView, lineView, quietView } from './plain-views.ts';
import { printEnd } from './study-end.ts';

export interface Presentation {
  readonly json?: boolean;
  readonly quiet?: boolean;
  /** Whether the leaderboard is printed at the end; it is unless false. */
  readonly report?: boolean;
}

export interface Session {
  readonly store: Store;
  /** Held by this process. */
  readonly study: StudyRecord;
  readonly resumed: boolean;
  readonly plan: StudyPlan;
}

/** The end of a study as its last event tells it. */
export type StudyEnd = Extract<StudyEvent, { event: 'end' }>;

/**
 * Runs a study that this process holds with worker processes, shown as asked for and logged beside the database, and prints its
 * leaderboard. The first SIGINT or SIGTERM lets what runs finish, the second drops it. Sets the exit code: 3 where it
 * was stopped.
 */
export async function runSession(
  session: Session,
  presentation: Presentation,
  view: StudyView = chooseView(presentation),
): Promise<void> {
  const { store, study, plan, resumed } = session;
  const scoring = scoringOf(plan.config);
  const folder = join(dirname(store.file), study.name);
  const logger = fileLogger(join(folder, 'log.ndjson'), { study: study.name });
  const { signals, release } = listen(() => view.stopping(), logger);
  const { workers } = plan.config;
  const runner = new WorkerPool({ workers, logger });
  let end: StudyEnd | undefined;
  const onEvent = (event: StudyEvent): void => {
    log(logger, event);
    view.show(event);
    if (event.event === 'end') end = event;
  };
  try {
    const checkpoints = join(folder, 'checkpoints');
    await runStudy({
      store,
      study,
      resumed,
      plan,
      scoring,
      runner,
      workers,
      checkpoints,
      stop: signals,
      onEvent,
    });
  } catch (error) {
    logger.error({ error: String(error) }, 'study failed');
    throw error;
  } finally {
    runner.kill();
    view.end();
    release();
  }
  if (!end) throw new Error('a study ended without saying so');
  if (!presentation.json && presentation.report !== false)
    printEnd(store, end, plan.config, presentation.quiet === true);
  process.exitCode = end.reason === 'stopped' ? 3 : 0;
}

function chooseView({ json, quiet }: Presentation): StudyView {
  if (json) return jsonView();
  if (quiet) return quietView;
  return process.stdout.isTTY ? liveView(process.stdout) : lineView(printLine);
}

function log(logger: Logger, event: StudyEvent): void {
  if (event.event === 'progress') return;
  const { event: what, ...facts } = event;
  const failed = 'status' in facts && (facts.status === 'crashed' || facts.status === 'timed-out');
  logger[failed ? 'warn' : 'info'](facts, what);
}

/** SIGINT, SIGTERM and a closing terminal, as signals to the study: first finish, then now. */
function listen(stopping: () => void, logger: Logger): { signals: StopSignals; release: () => void } {
  const finish = new AbortController();
  const now = new AbortController();
  const stop = (signal: NodeJS.Signals): void => {
    logger.info({ signal }, finish.signal.aborted ? 'stop at once' : 'stop');
    if (finish.signal.aborted) now.abort();
    else {
      finish.abort();
      stopping();
    }
  };
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of names) process.on(name, stop);
  return {
    signals: { finish: finish.signal, now: now.signal },
    release: () => {
      for (const name of names) process.off(name, stop);
    },
  };
}
