import type { CandidateReport, Counts } from '../search/events.ts';
import type { StudyConfig } from '../search/study-config.ts';
import { childrenOfLadder } from '../study/ladder.ts';
import { plural, signed } from '../terminal/numbers.ts';
import { type Colors, screenOf } from '../terminal/screen.ts';

/** `paper, 6,250 token sequences, random, mlp20-mnist + resnet8-cifar10, 2 workers`. */
export function describeStudy(config: StudyConfig, sequences: string): string {
  const children = childrenOfLadder(config.rungs).join(' + ');
  const size = plural(BigInt(sequences), 'token sequence');
  return [config.space, size, config.controller.kind, children, plural(config.workers, 'worker')].join(', ');
}

/** `+0.1234  x*sigmoid(x)  candidate 107, rung 2`, by its id; the rung only where the ladder has several. */
export function candidateLine(
  { score, status, rung, expression, kind, name, id }: CandidateReport,
  rungs: number,
  colors: Colors = screenOf().colors,
): string {
  const value = (score === null ? status : signed(score)).padStart(8);
  const who = kind === 'baseline' ? `baseline ${name}` : `candidate ${id}`;
  const where = rungs > 1 && rung !== null ? `, rung ${rung}` : '';
  return `${value}  ${expression}  ${colors.dim(who + where)}`;
}

/**
 * What became of a study's proposals, in parts that add up to them: `1152 proposed: 672 trained, of which 167
 * diverged and 331 were stopped early; 192 refused; 227 known; 61 not begun`. `rest` is what the remaining
 * ones are called.
 */
export function countsText(counts: Counts, rest: 'not begun' | 'waiting' = 'not begun'): string {
  const { proposed, evaluated, refused, known } = counts;
  const left = proposed - evaluated - refused - known;
  const parts = [
    `${evaluated} trained${failedText(counts)}`,
    `${refused} refused`,
    `${known} known`,
    ...(left > 0 ? [`${left} ${rest}`] : []),
  ];
  return `${proposed} proposed: ${parts.join('; ')}`;
}

function failedText({ diverged, stoppedEarly, timedOut, crashed }: Counts): string {
  const were = (count: number): string => (count === 1 ? 'was' : 'were');
  const failed = [
    diverged > 0 ? `${diverged} diverged` : '',
    timedOut > 0 ? `${timedOut} timed out` : '',
    crashed > 0 ? `${crashed} crashed` : '',
    stoppedEarly > 0 ? `${stoppedEarly} ${were(stoppedEarly)} stopped early` : '',
  ].filter((text) => text !== '');
  if (failed.length === 0) return '';
  const last = failed.at(-1);
  return `, of which ${failed.length === 1 ? last : `${failed.slice(0, -1).join(', ')} and ${last}`}`;
}
