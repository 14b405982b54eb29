import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';
import { Tally } from '../search/counts.ts';
import type { CandidateReport, Counts, StudyEvent } from '../search/events.ts';
import type { StudyConfig } from '../search/study-config.ts';
import { childrenOfLadder } from '../study/ladder.ts';
import { bestOf } from '../study/rank.ts';

const bestShown = 5;
const mostRunning = 4;

/** What a person wants to know of a running study, gathered from its events. */
export interface StudyProgress {
  study: string;
  config: StudyConfig | undefined;
  sequences: string;
  counts: Counts;
  /** Running time over all sittings when the last event came, and the clock's milliseconds then. */
  seconds: number;
  at: number;
  /** Seconds left when the last event that told them came, and the clock's milliseconds then. */
  left: { seconds: number; at: number } | undefined;
  /** What the sitting began with. */
  before: { seconds: number; evaluated: number };
  baselinesLeft: number;
  best: readonly CandidateReport[];
  target: { number: number; expression: string; match: string } | undefined;
  stopping: boolean;
  /** What trains now, by candidate. */
  running: Map<number, Extract<StudyEvent, { event: 'progress' }>>;
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
    target: undefined,
    stopping: false,
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
    followLeft(progress, event.secondsLeft, now);
    return;
  }
  if (event.event === 'target') {
    progress.target ??= event;
    return;
  }
  progress.counts = event.counts;
  progress.seconds = event.seconds;
  progress.at = now;
  if (event.event === 'study') {
    progress.study = event.study;
    progress.config = event.config;
    progress.sequences = event.sequences;
    progress.before = { seconds: event.seconds, evaluated: event.counts.evaluated };
    progress.baselinesLeft = event.baselinesLeft;
    progress.best = [...event.best];
    progress.target = event.target ?? undefined;
  }
  if (event.event === 'candidate') {
    followLeft(progress, event.secondsLeft, now);
    progress.running.delete(event.id);
    const last = event.score === null || event.rung === progress.config?.rungs.length;
    if (event.kind === 'baseline' && last) progress.baselinesLeft -= 1;
    if (event.status === 'known') return;
    progress.best = bestOf([...progress.best.filter(({ id }) => id !== event.id), event], bestShown);
  }
}

function followLeft(progress: StudyProgress, seconds: number | null, at: number): void {
  progress.left = seconds === null ? undefined : { seconds, at };
}

/** Candidates evaluated a minute in this sitting; undefined before the first. */
export function ratePerMinute({ counts, before, seconds }: StudyProgress): number | undefined {
  const evaluated = counts.evaluated - before.evaluated;
  const elapsed = seconds - before.seconds;
  return evaluated > 0 && elapsed > 0 ? (evaluated / elapsed) * 60 : undefined;
}

/** How much of the study is done, from 0 to 1, and the seconds that are left, as far as its limits tell. */
export function completion(
  progress: StudyProgress,
  now: number,
): { share: number; left: number | undefined } {
  const { config, counts } = progress;
  const seconds = secondsAt(progress, now);
  const parts: { share: number; left: number | undefined }[] = [];
  if (config?.time != null) {
    parts.push({ share: Math.min(1, seconds / config.time), left: Math.max(0, config.time - seconds) });
  }
  if (config?.candidates != null) {
    const told = progress.left;
    const left = told && Math.max(0, told.seconds - (now - told.at) / 1000);
    // On one rung candidates are work done; on several, time is the better measure.
    const share = config.rungs.length > 1 && left !== undefined ? seconds / (seconds + left) : undefined;
    parts.push({ share: Math.min(1, share ?? counts.evaluated / config.candidates), left });
  }
  if (parts.length === 0) return { share: 0, left: undefined };
  return parts.reduce((a, b) => (b.share > a.share ? b : a));
}

export function secondsAt({ seconds, at }: StudyProgress, now: number): number {
  return at === 0 ? seconds : seconds + (now - at) / 1000;
}

/** The live view: at most `height` lines of at most `width` columns, the most important first where room is short. */
export function progressLines(
  progress: StudyProgress,
  width: number,
  height: number,
  now: number,
): readonly string[] {
  const { config } = progress;
  if (!config) return [];
  const { share, left } = completion(progress, now);
  const seconds = secondsAt(progress, now);
  const limited = config.time !== null || config.candidates !== null;
  const bar = limited ? `${progressBar(share, Math.max(5, Math.min(30, width - 50)))} ` : '';
  const time = `${formatSeconds(seconds)}${left === undefined ? '' : `, ${formatSeconds(left)} left`}`;
  const rate = ratePerMinute(progress);
  const main = [
    `${bar}${limited ? `${Math.floor(share * 100)}%  ` : ''}${time}${rate === undefined ? '' : `, ${rate.toFixed(1)} candidates/min`}`,
    countsLine(progress),
  ];
  const head = `${pc.bold(progress.study)}  ${describeStudy(config, progress.sequences)}`;
  const target = targetLine(progress);
  const note = progress.stopping
    ? [pc.yellow('stopping: finishing what runs; Ctrl-C once more stops at once')]
    : [];
  const best = progress.best.map((candidate) => candidateLine(candidate, config.rungs.length));
  const running = [...progress.running.values()].slice(0, mostRunning).map(runningLine);
  const whole = [
    head,
    ...main,
    ...target,
    ...note,
    ...(best.length > 0 ? [pc.dim('   score  function'), ...best] : []),
    ...running,
  ];
  const lines =
    whole.length <= height
      ? whole
      : [...note, ...main, ...target, ...best, ...running].slice(0, Math.max(1, height));
  return lines.map((line) => clip(line, width));
}

/** `paper, 6,250 strings, random, mlp20-mnist + resnet8-cifar10, 2 workers`. */
export function describeStudy(config: StudyConfig, sequences: string): string {
  const strings = `${BigInt(sequences).toLocaleString('en-US')} strings`;
  const children = childrenOfLadder(config.rungs).join(' + ');
  const workers = config.workers === 1 ? '1 worker' : `${config.workers} workers`;
  return [config.space, strings, config.controller.kind, children, workers].join(', ');
}

/** `+0.1234  x*sigmoid(x)  candidate 7, rung 2`; the rung only where the ladder has several. */
export function candidateLine(
  { score, status, rung, expression, kind, name, number }: CandidateReport,
  rungs: number,
): string {
  const value = score === null ? status.padStart(8) : signed(score).padStart(8);
  const who = kind === 'baseline' ? `baseline ${name}` : `candidate ${number}`;
  const where = rungs > 1 && rung !== null ? `, rung ${rung}` : '';
  return `${value}  ${expression}  ${pc.dim(who + where)}`;
}

function runningLine(running: Extract<StudyEvent, { event: 'progress' }>): string {
  const share = Math.floor((100 * running.step) / running.steps);
  return pc.dim(`${`${share}%`.padStart(8)}  ${running.expression}  on ${running.child}`);
}

export function countsText(counts: Counts): string {
  const parts: [number, string][] = [
    [counts.evaluated, 'trained'],
    [counts.refused, 'refused'],
    [counts.known, 'reused'],
    [counts.diverged, 'diverged'],
    [counts.stoppedEarly, 'stopped early'],
    [counts.timedOut, 'timed out'],
    [counts.crashed, 'crashed'],
  ];
  const always = ['trained', 'refused', 'reused'];
  return parts
    .filter(([count, what]) => count > 0 || always.includes(what))
    .map(([count, what]) => `${count} ${what}`)
    .join(', ');
}

export function signed(score: number): string {
  return `${score < 0 ? '' : '+'}${score.toFixed(4)}`;
}

/** `45s`, `3m 07s`, `2h 05m`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  if (hours > 0) return `${hours}h ${two(minutes)}m`;
  return minutes > 0 ? `${minutes}m ${two(rest)}s` : `${rest}s`;
}

function countsLine({ counts, baselinesLeft }: StudyProgress): string {
  const baselines = baselinesLeft > 0 ? `, baselines to train: ${baselinesLeft}` : '';
  return `${counts.proposed} proposed: ${countsText(counts)}${baselines}`;
}

function targetLine({ config, target }: StudyProgress): string[] {
  if (!config?.target) return [];
  if (!target) return [`target ${config.target}: not found yet`];
  const how = target.match === 'equal' ? '' : ' (equal where all parameters are 1)';
  return [
    pc.green(`target ${config.target}: found as candidate ${target.number}, ${target.expression}${how}`),
  ];
}

function progressBar(share: number, width: number): string {
  const full = Math.round(share * width);
  return `${pc.green('█'.repeat(full))}${pc.dim('░'.repeat(width - full))}`;
}

/** A line cut to so many columns; colors are dropped where it must be cut. */
function clip(line: string, width: number): string {
  const plain = stripVTControlCharacters(line);
  if (plain.length <= width) return line;
  return width < 2 ? plain.slice(0, width) : `${plain.slice(0, width - 1)}…`;
}
