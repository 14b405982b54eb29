import type { ScoreOptions } from '../ranking/score.ts';
import type { Store, StudyRecord } from '../storage/store.ts';
import type { Candidate } from '../study/candidate.ts';
import { Ladder } from '../study/ladder.ts';
import { bestOf } from '../study/rank.ts';
import type { TrialOutcome, TrialRequest } from '../trial/protocol.ts';
import { Checkpoints } from './checkpoints.ts';
import type { Climber } from './climber.ts';
import {
  type CandidateReport,
  type EndReason,
  reportedFields,
  type StudyEvent,
  trialEvent,
} from './events.ts';
import { Changes, type StopSignals } from './stop.ts';
import type { StudyPlan } from './study-plan.ts';
import { StudyState } from './study-state.ts';
import { reportTarget } from './target.ts';
import { TimeLeft } from './time-left.ts';

/** Whoever trains: the pool of worker processes; in benchmarks a function that takes no time. */
export interface TrialRunner {
  /** Gives an outcome however the training ends; rejects when aborted, and for what no training can mend. */
  run(request: TrialRequest, options: RunOptions): Promise<TrialOutcome>;
}

export interface RunOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: { readonly step: number; readonly steps: number }) => void;
}

export interface StudyRun {
  readonly store: Store;
  /** Held by this process. */
  readonly study: StudyRecord;
  readonly resumed: boolean;
  readonly plan: StudyPlan;
  readonly scoring: ScoreOptions;
  readonly runner: TrialRunner;
  readonly workers: number;
  /** Folder for half-trained networks of candidates that climb a ladder; without it they start anew. */
  readonly checkpoints?: string;
  readonly stop: StopSignals;
  readonly onEvent: (event: StudyEvent) => void;
}

const heartbeatMilliseconds = 10_000;
const mostUnstored = 32;

/**
 * Runs a study to its end, or until it is stopped, and lets go of it.
 *
 * As many candidates train at a time as there are workers; the trials of each run one after the other, and the first that
 * fails ends it. Candidates are begun in the order of proposal, baselines first. So those begun are always the
 * first so many of a sequence that seed and controller decide, and each limit only says how many:
 *   trials   that many are begun, and those of them that are promoted climb the ladder to its end;
 *   time     none is begun or promoted after it, those begun are trained on every child of their rung;
 *   target   none is begun after the target;
 *   finals   begun once one of the limits but time has let the last candidate climb as far as it does;
 *   stop     none is begun, trials that run are finished; candidates may be left halfway for the next sitting.
 * Candidates that go on up the ladder come before new ones. A controller that does not learn is asked ahead, so that no worker
 * waits for the end of a batch.
 */
export async function runStudy(run: StudyRun): Promise<EndReason> {
  const { store, study, plan, stop, onEvent } = run;
  const started = performance.now();
  const seconds = (): number => study.seconds + (performance.now() - started) / 1000;
  const timeIsUp = (): boolean => plan.config.time !== null && seconds() >= plan.config.time;
  const { rungs } = plan.config;
  const checkpoints =
    run.checkpoints === undefined ? undefined : new Checkpoints(run.checkpoints, plan.config);
  const state = new StudyState(store, study, plan, run.scoring, seconds, checkpoints);
  const ladder = new Ladder(rungs);
  const failure = new AbortController();
  const dropped = AbortSignal.any([stop.now, failure.signal]);
  const leaving = AbortSignal.any([stop.finish, failure.signal]);
  const changes = new Changes();
  const left = new TimeLeft({ ...plan.config, workers: run.workers });
  const storing = new Set<Promise<void>>();
  let requests = 0;

  const next = async (): Promise<Climber | undefined> => {
    while (!leaving.aborted && !timeIsUp()) {
      const candidate = state.mustAsk ? undefined : state.takeNext();
      if (candidate) return candidate;
      if (!state.mayTell) {
        const last = state.full !== undefined || state.exhausted;
        if (last && !state.mayPromote) {
          const scored = state.beginFinals();
          if (!scored) return undefined;
          for (const record of scored) report(record);
          changes.happen();
          continue;
        }
        if ((last && !state.mustAsk) || state.awaitsTelling) {
          await changes.next();
          continue;
        }
      }
      for (const record of state.ask()) report(record);
      // Where nothing in a batch is new, batch follows batch: let timers and signals in between.
      await new Promise(setImmediate);
    }
    return undefined;
  };

  const train = async (candidate: Climber): Promise<void> => {
    while (!leaving.aborted) {
      requests += 1;
      const request = state.missingTrial(candidate, requests);
      if (!request) return;
      const { id, expression } = candidate.record;
      const rung = ladder.rungOf(request);
      const onProgress: RunOptions['onProgress'] = ({ step, steps }) =>
        onEvent({
          ...{ event: 'progress', candidate: id, expression, rung, child: request.child, step, steps },
          secondsLeft: left.seconds(state.counts, seconds()),
        });
      const outcome = await run.runner.run(request, { signal: dropped, onProgress });
      left.add(rung, id, request.steps, outcome);
      const stored = keep(candidate, request, outcome);
      // Outcomes come faster than the disk takes them only where trials take no time.
      if (storing.size >= mostUnstored) await stored;
    }
  };

  /** Stores an outcome, and tells of it once it is on disk. */
  const keep = (candidate: Climber, request: TrialRequest, outcome: TrialOutcome): Promise<void> => {
    const stored = state
      .record(candidate, request, outcome)
      .then(({ trialId, scored }) => {
        onEvent(trialEvent(trialId, candidate.record, ladder.rungOf(request), request, outcome));
        for (const record of scored) report(record);
      })
      .catch((error) => failure.abort(error));
    storing.add(stored);
    return stored.finally(() => {
      storing.delete(stored);
      changes.happen();
    });
  };

  const report = (record: Candidate): void => {
    const [counts, now] = [state.counts, seconds()];
    const secondsLeft = left.seconds(counts, now);
    onEvent({ event: 'candidate', ...reportOf(record), counts, seconds: now, secondsLeft });
    const { target, number, expression } = record;
    // One that climbs has a result on each rung; that it is the target is said once.
    if (target && record.rung === 1) onEvent({ event: 'target', number, expression, match: target });
  };

  const lane = async (): Promise<void> => {
    try {
      for (let candidate = await next(); candidate; candidate = await next()) await train(candidate);
    } catch (error) {
      if (!dropped.aborted) failure.abort(error);
    } finally {
      changes.happen();
    }
  };

  const heartbeat = setInterval(() => {
    try {
      store.heartbeat(study.id);
    } catch (error) {
      failure.abort(error);
    }
  }, heartbeatMilliseconds);
  try {
    onEvent({
      event: 'study',
      study: study.name,
      id: study.id,
      resumed: run.resumed,
      config: plan.config,
      sequences: plan.space.size.toString(),
      baselinesLeft: state.baselinesLeft,
      counts: state.counts,
      seconds: seconds(),
      best: bestOf(state.records, 5).map(reportOf),
      target:
        reportTarget(plan.config.target, state.records)?.found.toSorted((a, b) => a.number - b.number)[0] ??
        null,
    });
    for (const record of store.together(() => state.settle())) report(record);
    await Promise.all(Array.from({ length: run.workers }, lane));
    await Promise.all(storing);
  } finally {
    clearInterval(heartbeat);
  }
  if (failure.signal.aborted) throw failure.signal.reason;
  const reason = stop.finish.aborted ? 'stopped' : (state.full ?? (state.exhausted ? 'exhausted' : 'time'));
  state.saveProgress();
  if (reason === 'stopped') store.releaseStudy(study.id);
  else {
    store.finishStudy(study.id);
    checkpoints?.clear();
  }
  const target = reportTarget(plan.config.target, state.records);
  onEvent({ event: 'end', study: study.name, reason, counts: state.counts, seconds: seconds(), target });
  return reason;
}

function reportOf(candidate: Candidate): CandidateReport {
  return Object.fromEntries(
    reportedFields.map((field) => [field, candidate[field]]),
  ) as unknown as CandidateReport;
}
