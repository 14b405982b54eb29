import { stripVTControlCharacters } from 'node:util';
import type { CandidateReport } from '../search/events.ts';
import { compareRank } from '../study/rank.ts';
import { durationText } from '../terminal/duration.ts';
import { signed } from '../terminal/numbers.ts';
import type { Colors } from '../terminal/screen.ts';
import { completion, ratePerMinute, type StudyProgress, secondsAt } from './progress.ts';
import { candidateLine, countsText, describeStudy } from './study-text.ts';

const mostRunning = 4;

/** The room that lines have on a screen. */
export interface LineSpace {
  readonly width: number;
  readonly height: number;
  readonly colors: Colors;
}

/**
 * A running study in at most `height` lines of at most `width` columns, the most important first where room
 * is short.
 */
export function progressLines(
  progress: StudyProgress,
  { width, height, colors }: LineSpace,
  now: number,
): readonly string[] {
  const { config } = progress;
  if (!config) return [];
  const head = `${colors.bold(progress.study)}  ${describeStudy(config, progress.sequences)}`;
  const main = [timeLine(progress, now, width, colors), countsLine(progress), ...workersLine(progress)];
  const target = targetLine(progress, colors);
  const note = progress.stopping
    ? [colors.yellow('stopping: finishing what runs; Ctrl-C once more stops at once')]
    : [];
  const best = bestLines(progress, config.rungs.length, colors);
  const running = [...progress.running.values()].slice(0, mostRunning).map((one) => {
    const share = `${Math.floor((100 * one.step) / one.steps)}%`;
    return colors.dim(`${share.padStart(8)}  ${one.expression}  on ${one.child}`);
  });
  const heading = best.length > 0 ? [colors.dim('   score  function')] : [];
  const whole = [head, ...main, ...target, ...note, ...heading, ...best, ...running];
  const lines =
    whole.length <= height
      ? whole
      : [...note, ...main, ...target, ...best, ...running].slice(0, Math.max(1, height));
  return lines.map((line) => clip(line, width));
}

function timeLine(progress: StudyProgress, now: number, width: number, colors: Colors): string {
  const { share, secondsLeft, raised } = completion(progress, now);
  const limited = progress.config?.time !== null || progress.config.candidates !== null;
  const bar = limited
    ? `${progressBar(share, Math.max(5, Math.min(30, width - 50)), colors)} ${Math.floor(share * 100)}%  `
    : '';
  const left = secondsLeft === undefined ? '' : `, ${durationText(secondsLeft)} left`;
  const more = raised ? ' (more than estimated before)' : '';
  const rate = ratePerMinute(progress);
  const pace = rate === undefined ? '' : `, ${rate.toFixed(1)} candidates/min`;
  return `${bar}${durationText(secondsAt(progress, now))}${left}${more}${pace}`;
}

/** The best finds; between them the baselines that rank there, as marks. */
function bestLines({ best, baselines }: StudyProgress, rungs: number, colors: Colors): readonly string[] {
  let above: readonly CandidateReport[] = [];
  return best.flatMap((find) => {
    const ahead = baselines.filter((baseline) => compareRank(baseline, find) < 0);
    const marks = ahead.filter((baseline) => !above.includes(baseline));
    above = ahead;
    return [...markLine(marks, colors), candidateLine(find, rungs, colors)];
  });
}

function markLine([first, ...others]: readonly CandidateReport[], colors: Colors): readonly string[] {
  if (!first) return [];
  const names = [first, ...others].map(({ name }) => name).join(', ');
  return [colors.dim(`${signed(first.score as number).padStart(8)}  -- ${names}`)];
}

function countsLine({ counts, baselinesLeft }: StudyProgress): string {
  const baselines = baselinesLeft > 0 ? `; baselines to train: ${baselinesLeft}` : '';
  return `${countsText(counts, 'waiting')}${baselines}`;
}

function workersLine({ workers }: StudyProgress): string[] {
  return workers?.text === undefined ? [] : [workers.text];
}

function targetLine({ config, target }: StudyProgress, colors: Colors): string[] {
  if (!config?.target) return [];
  if (!target) return [`target ${config.target}: not found yet`];
  const how = target.match === 'equal' ? '' : ' (equal where all parameters are 1)';
  return [
    colors.green(`target ${config.target}: found as candidate ${target.id}, ${target.expression}${how}`),
  ];
}

function progressBar(share: number, width: number, colors: Colors): string {
  const full = Math.round(share * width);
  return `${colors.green('█'.repeat(full))}${colors.dim('░'.repeat(width - full))}`;
}

/** A line cut to the width; colors are dropped where it must be cut. */
function clip(line: string, width: number): string {
  const plain = stripVTControlCharacters(line);
  if (plain.length <= width) return line;
  return width < 2 ? plain.slice(0, width) : `${plain.slice(0, width - 1)}…`;
}
