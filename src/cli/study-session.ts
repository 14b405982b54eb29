import { join } from 'node:path';
import { fileLogger, type Logger } from '../logger.ts';
import type { WorkerNews } from '../queue/worker-watch.ts';
import type { StudyEvent } from '../search/events.ts';
import { scoringOf } from '../search/open-study.ts';
import { runStudy } from '../search/run-study.ts';
import type { StudyPlan } from '../search/study-plan.ts';
import { RunningTrials } from '../storage/running-trials.ts';
import type { Store, StudyRecord } from '../storage/store.ts';
import { runningTrialsFile, studyFolder, studyLog } from '../storage/study-folder.ts';
import { screenOf } from '../terminal/screen.ts';
import { LiveView } from './live-view.ts';
import { isClosedPipe, outputFailure, printLine } from './output.ts';
import { jsonView, lineView, quietView } from './plain-views.ts';
import { StopRequests } from './stop-requests.ts';
import { printEnd, type StudyEnd } from './study-end.ts';
import { localRunner, type OverServer, queueRunner, type StudyRunner } from './study-runner.ts';
import type { StudyView } from './study-view.ts';

export interface Presentation extends OverServer {
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

/**
 * Runs a study that this process holds, here or over a server, shows and logs it, and prints its leaderboard
 * at the end. After the first SIGINT or SIGTERM, or when output can no longer be written, the trials that run
 * are finished; a second signal drops them. Sets the exit code: 3 if the study was stopped.
 */
export async function runSession(
  session: Session,
  presentation: Presentation,
  view: StudyView = chooseView(presentation),
): Promise<void> {
  const { store, study, plan, resumed } = session;
  const folder = studyFolder(store.file, study.name);
  const logger = fileLogger(studyLog(store.file, study.name), { study: study.name });
  const stops = new StopRequests(() => view.stopping(), logger);
  let end: StudyEnd | undefined;
  const running = new RunningTrials(runningTrialsFile(store.file, study.name));
  const onEvent = (event: StudyEvent): void => {
    log(logger, event);
    follow(running, event);
    view.show(event);
    if (event.event === 'end') end = event;
  };
  const { server } = presentation;
  const onNews = (news: WorkerNews): void => onEvent({ event: 'workers', ...news });
  let trainers: StudyRunner | undefined;
  try {
    trainers = server
      ? await queueRunner(session, server, presentation, logger, onNews)
      : localRunner(session, logger);
    const { runner, workers, places, mixes } = trainers;
    await runStudy({
      store,
      study,
      resumed,
      plan: { ...plan, config: { ...plan.config, workers: places } },
      scoring: scoringOf(plan.config),
      runner,
      workers,
      mixes: mixes || store.isMixed(study.id),
      checkpoints: join(folder, 'checkpoints'),
      stop: stops.signals,
      onEvent,
    });
  } catch (error) {
    logger.error({ error: String(error) }, 'study failed');
    throw error;
  } finally {
    await trainers?.end();
    running.end();
    view.end();
    stops.release();
  }
  if (!end) throw new Error('a study ended without saying so');
  process.exitCode = end.reason === 'stopped' ? 3 : 0;
  const { outputError } = stops;
  if (outputError && !isClosedPipe(outputError)) throw outputFailure(outputError);
  if (!presentation.json && presentation.report !== false)
    printEnd(store, end, plan.config, presentation.quiet === true);
}

function chooseView({ json, quiet }: Presentation): StudyView {
  if (json) return jsonView();
  if (quiet) return quietView;
  return screenOf().redraws ? new LiveView(process.stdout) : lineView(printLine);
}

function log(logger: Logger, event: StudyEvent): void {
  if (event.event === 'progress') return;
  const { event: what, ...facts } = event;
  const failed = 'status' in facts && (facts.status === 'crashed' || facts.status === 'timed-out');
  logger[failed ? 'warn' : 'info'](facts, what);
}

function follow(running: RunningTrials, event: StudyEvent): void {
  if (event.event === 'trial') running.ended(event);
  if (event.event !== 'progress') return;
  const { candidate, expression, child, seed, rung, step, steps, trainingLoss: loss } = event;
  running.follow({ candidate, expression, child, seed, rung, step, steps, loss });
}
