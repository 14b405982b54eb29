import type { Contest } from '../evaluation/contest.ts';
import { functionLabel } from '../evaluation/functions.ts';
import { type ContestEnd, type ContestEvent, runContest } from '../evaluation/run-contest.ts';
import { fileLogger } from '../logger.ts';
import { scoringOf } from '../search/open-study.ts';
import type { StudyPlan } from '../search/study-plan.ts';
import { RunningTrials } from '../storage/running-trials.ts';
import type { Store, StudyRecord } from '../storage/store.ts';
import { runningTrialsFile, studyLog } from '../storage/study-folder.ts';
import type { Trial } from '../study/trial.ts';
import { durationText } from '../terminal/duration.ts';
import { plural } from '../terminal/numbers.ts';
import { WorkerPool } from '../trial/pool.ts';
import { isClosedPipe, outputFailure } from './output.ts';
import { StopRequests } from './stop-requests.ts';

export interface ContestSession {
  readonly store: Store;
  /** Held by this process. */
  readonly study: StudyRecord;
  readonly plan: StudyPlan;
  readonly contest: Contest;
  readonly before?: ReadonlyMap<number, readonly Trial[]>;
  readonly mostBlocks: number | null;
}

/** How a contest ended, as a sentence says it. */
export const contestEnds: Readonly<Record<ContestEnd, string>> = {
  decided: 'all verdicts are in',
  time: 'its time is up',
  blocks: 'all the blocks asked for are trained',
  stopped: 'stopped; all finished work is stored',
};

/**
 * Trains the blocks of a contest that this process holds with worker processes, and logs them; `write` takes
 * a line for each block. After the first SIGINT or SIGTERM the trials that run are finished; a second signal
 * drops them. Sets the exit code: 3 if it was stopped.
 */
export async function runContestSession(
  { store, study, plan, contest, before, mostBlocks }: ContestSession,
  write: (line: string) => void,
): Promise<ContestEnd> {
  const { config } = plan;
  const logger = fileLogger(studyLog(store.file, study.name), { study: study.name });
  const stops = new StopRequests(
    () => write('stopping: finishing what runs; once more stops at once'),
    logger,
  );
  const runner = new WorkerPool({ workers: config.workers, logger });
  const running = new RunningTrials(runningTrialsFile(store.file, study.name));
  const onEvent = (event: ContestEvent): void => {
    if (event.event === 'progress') {
      const { candidate, trial, progress } = event;
      const { id, expression } = candidate;
      const { step, trainingLoss: loss } = progress;
      running.follow({ candidate: id, expression, ...trial, rung: 1, step, loss });
      return;
    }
    if (event.event === 'seed') {
      const { seconds, seed, trained, left } = event;
      const next = left === 0 ? 'all verdicts are in' : `${plural(left, 'function')} left`;
      write(`${durationText(seconds).padStart(7)} seed ${seed}: ${plural(trained, 'function')}; ${next}`);
      logger.info(event, 'seed');
      return;
    }
    const { candidate, ended } = event;
    const { child, seed, steps, status, reason, seconds } = ended.trial;
    running.ended({ candidate: candidate.id, child, seed, steps });
    logger.info({ candidate: candidate.id, child, seed, steps, status, reason, seconds }, 'trial');
    if (status !== 'complete') {
      const label = functionLabel({ name: candidate.name, formula: candidate.expression });
      write(`${label} ${status} on ${child}, seed ${seed}: ${reason}`);
    }
  };
  write(`study ${study.name}: on ${config.rungs[0]?.children.map(({ name }) => name).join(', ')}`);
  const scoring = scoringOf(config);
  const extra = before ? { before } : {};
  try {
    const run = { store, study, config, scoring, contest, mostBlocks, runner, stop: stops.signals, onEvent };
    const end = await runContest({ ...run, ...extra });
    process.exitCode = end === 'stopped' ? 3 : 0;
    const { outputError } = stops;
    if (outputError && !isClosedPipe(outputError)) throw outputFailure(outputError);
    return end;
  } catch (error) {
    logger.error({ error: String(error) }, 'study failed');
    throw error;
  } finally {
    runner.kill();
    running.end();
    stops.release();
  }
}
