import { Tally } from '../search/counts.ts';
import type { CandidateReport, Counts, StudyEvent } from '../search/events.ts';
import type { StudyConfig } from '../search/study-config.ts';
import { bestOf } from '../study/rank.ts';

const bestShown = 5;

type ProgressEvent = Extract<StudyEvent, { event: 'progress' }>;

/**
 * Seconds left as they are shown: they count down with the clock, and rise only if an estimate is well above
 * them.
 */
interface TimeLeft {
  readonly seconds: number;
  /** The clock's milliseconds when it was `seconds`. */
  readonly at: number;
  /** Whether the last estimate raised it, which is said. */
  readonly raised: boolean;
}

/** What a person wants to know of a running study, gathered from its events. */
export interface StudyProgress {
  study: string;
  config: StudyConfig | undefined;
  sequences: string;
  counts: Counts;
  /** Running time over all sittings when the last event came, and the clock's milliseconds then. */
  seconds: number;
  at: number;
  left: TimeLeft | undefined;
  /** What the sitting began with. */
  before: { seconds: number; evaluated: number };
  baselinesLeft: number;
  /** The best proposals, best first, and all baselines with a score. */
  best: readonly CandidateReport[];
  baselines: readonly CandidateReport[];
  target: { id: number; expression: string; match: string } | undefined;
  stopping: boolean;
  /** Of a study over a queue: its workers, and what was last to be said of them. */
  workers: Extract<StudyEvent, { event: 'workers' }> | undefined;
  /** What trains now, by the id of its candidate. */
  running: Map<number, ProgressEvent>;
}

export function newProgress(): StudyProgress {
  return {
    study: '',
    config: undefined,
    sequences: '',
    counts: new Tally(0).counts,
    seconds: 0,
    at: 0,
    left: undefined,
    before: { seconds: 0, evaluated: 0 },
    baselinesLeft: 0,
    best: [],
    baselines: [],
    target: undefined,
    stopping: false,
    workers: undefined,
    running: new Map(),
  };
}

/** Takes an event that came at `now`, the clock's milliseconds. */
export function follow(progress: StudyProgress, event: StudyEvent, now: number): void {
  if (event.event === 'trial') {
    progress.running.delete(event.candidate);
    return;
  }
  if (event.event === 'progress') {
    progress.running.set(event.candidate, event);
    progress.left = followedLeft(progress.left, event.secondsLeft, now);
    return;
  }
  if (event.event === 'workers') {
    progress.workers = { ...event, text: event.text ?? progress.workers?.text };
    return;
  }
  if (event.event === 'target') {
    progress.target ??= event;
    return;
  }
  progress.counts = event.counts;
  progress.seconds = event.seconds;
  progress.at = now;
  if (event.event === 'study') begin(progress, event);
  if (event.event === 'candidate') followCandidate(progress, event, now);
}

function begin(progress: StudyProgress, event: Extract<StudyEvent, { event: 'study' }>): void {
  progress.study = event.study;
  progress.config = event.config;
  progress.sequences = event.sequences;
  progress.before = { seconds: event.seconds, evaluated: event.counts.evaluated };
  progress.baselinesLeft = event.baselinesLeft;
  progress.best = event.best.filter(({ kind }) => kind === 'proposed');
  progress.baselines = event.best.filter(({ kind }) => kind === 'baseline');
  progress.target = event.target ?? undefined;
}

function followCandidate(
  progress: StudyProgress,
  event: Extract<StudyEvent, { event: 'candidate' }>,
  now: number,
): void {
  progress.left = followedLeft(progress.left, event.secondsLeft, now);
  progress.running.delete(event.id);
  if (event.status === 'known') return;
  const list = event.kind === 'baseline' ? 'baselines' : 'best';
  const others = progress[list].filter(({ id }) => id !== event.id);
  progress[list] = bestOf([...others, event], list === 'best' ? bestShown : undefined);
  const last = event.score === null || event.rung === progress.config?.rungs.length;
  if (event.kind === 'baseline' && last) progress.baselinesLeft -= 1;
}

/** Estimates vary: one that is higher by less than a tenth, or 5 seconds, does not raise what is shown. */
function followedLeft(
  before: TimeLeft | undefined,
  estimate: number | null,
  at: number,
): TimeLeft | undefined {
  if (estimate === null) return before;
  if (before === undefined) return { seconds: estimate, at, raised: false };
  const shown = leftAt(before, at);
  if (estimate <= shown) return { seconds: estimate, at, raised: false };
  if (estimate <= 1.1 * shown + 5) return before;
  return { seconds: estimate, at, raised: true };
}

function leftAt({ seconds, at }: TimeLeft, now: number): number {
  return Math.max(0, seconds - (now - at) / 1000);
}

/** Candidates evaluated a minute in this sitting; undefined before the first. */
export function ratePerMinute({ counts, before, seconds }: StudyProgress): number | undefined {
  const evaluated = counts.evaluated - before.evaluated;
  const elapsed = seconds - before.seconds;
  return evaluated > 0 && elapsed > 0 ? (evaluated / elapsed) * 60 : undefined;
}

export interface Completion {
  /** How much of the study is done, from 0 to 1. */
  readonly share: number;
  readonly secondsLeft: number | undefined;
  /** Whether `secondsLeft` rose with the last estimate. */
  readonly raised: boolean;
}

/**
 * How far the study is by the limit that is nearest. The share follows from running time and counts alone,
 * which are stored: it never falls while a study runs, nor when it is resumed with the same limits.
 */
export function completion(progress: StudyProgress, now: number): Completion {
  const { config, counts, left } = progress;
  const seconds = secondsAt(progress, now);
  const parts: Completion[] = [];
  if (config?.time != null) {
    const secondsLeft = Math.max(0, config.time - seconds);
    parts.push({ share: Math.min(1, seconds / config.time), secondsLeft, raised: false });
  }
  if (config?.candidates != null) {
    const secondsLeft = left && leftAt(left, now);
    const share = workShare(config.rungs, counts.byRung, config.candidates);
    parts.push({ share, secondsLeft, raised: left?.raised ?? false });
  }
  if (parts.length === 0) return { share: 0, secondsLeft: undefined, raised: false };
  return parts.reduce((a, b) => (b.share > a.share ? b : a));
}

/**
 * The share of all training steps that is done, assuming that each rung promotes as many candidates as it
 * may.
 */
function workShare(rungs: StudyConfig['rungs'], byRung: readonly number[], candidates: number): number {
  let [done, all, climbing] = [0, 0, candidates];
  rungs.forEach(({ children, seeds, share, finalists }, index) => {
    const steps = seeds.length * children.reduce((sum, child) => sum + child.steps, 0);
    if (finalists != null) climbing = Math.min(finalists, candidates);
    const reached = byRung.slice(index).reduce((sum, count) => sum + count, 0);
    done += steps * Math.min(reached, climbing);
    all += steps * climbing;
    if (share != null) climbing *= share;
  });
  return all === 0 ? 0 : Math.min(1, done / all);
}

export function secondsAt({ seconds, at }: StudyProgress, now: number): number {
  return at === 0 ? seconds : seconds + (now - at) / 1000;
}
