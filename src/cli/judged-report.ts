import { childrenOf } from '../evaluation/contest-study.ts';
import { type JudgedFunction, judgedFunctions } from '../evaluation/judged-study.ts';
import type { MeanInterval } from '../ranking/anytime.ts';
import { type JudgeOptions, usualJudge } from '../ranking/verdicts.ts';
import { intervalKind } from '../report/interval.ts';
import { knownName } from '../report/known-name.ts';
import { verdictSentences } from '../report/verdict-text.ts';
import { scoringOf } from '../search/open-study.ts';
import type { StudyConfig } from '../search/study-config.ts';
import type { Store } from '../storage/store.ts';
import { isRelu } from '../study/candidate.ts';
import { commandText } from '../terminal/command-text.ts';
import { percent, short, signed } from '../terminal/numbers.ts';
import { type Screen, screenOf } from '../terminal/screen.ts';
import { type Column, tableText } from '../terminal/table.ts';
import { printJson, printLine } from './output.ts';

/** Prints the functions of a study with their verdicts, and where they are kept; or one JSON document. */
export function printJudged(store: Store, study: string, config: StudyConfig, asJson: boolean): void {
  const rules = { children: childrenOf(config), scoring: scoringOf(config) };
  const functions = judgedFunctions(store, study, rules);
  if (asJson) {
    printJson(functions.map((row) => ({ ...row, interval: intervalKind(row) })));
    return;
  }
  printLine();
  for (const line of judgedReport(functions, usualJudge, screenOf())) printLine(line);
  const trials = commandText(['query', `SELECT * FROM trials WHERE study = '${study}'`], store.file);
  printLine(`Kept as study ${study}: ${trials}`);
}

/** The functions of a study with verdicts as a table, and what its columns mean. */
export function judgedReport(
  functions: readonly JudgedFunction[],
  { level, margin, fewestBlocks }: JudgeOptions,
  screen: Screen,
): readonly string[] {
  const children = functions[0]?.children.map(({ child }) => child) ?? [];
  const right = { align: 'right' } as const;
  const tests = isTested(functions) ? children.map((child) => `${child}, test`) : [];
  const results = [...children, ...tests].map((heading, index) => ({ heading, ...right, leaves: index }));
  const columns: readonly Column[] = [
    { heading: 'group', ...right, leaves: results.length + 1 },
    { heading: 'id', ...right },
    { heading: 'verdict' },
    { heading: 'ahead of ReLU by', ...right, leaves: results.length + 2 },
    { heading: 'blocks', ...right, leaves: results.length },
    ...results,
    { heading: 'function', narrow: 'wrap' },
  ];
  const needed = functions.some(({ verdict, name }) => verdict === 'undecided' && name !== 'ReLU');
  return [
    tableText(
      columns,
      functions.map((one) => cellsOf(one, isTested(functions))),
      screen,
    ),
    ...functions.flatMap(failureSentence),
    ...verdictSentences(functions, { concordance: null, seedCorrelation: null }),
    ...[
      `A block is a child and a seed. Ahead by: mean log ratio of the losses, with an interval that holds at level ${level} for all of them, however often one looks.`,
      `Equal: within ${margin}. Functions of group 1 may be as good as the best: nothing is certainly better by more than that.`,
      ...(isTested(functions)
        ? ['The test images decide nothing: verdicts and order come from validation.']
        : []),
      ...(needed ? [`A verdict needs ${fewestBlocks} blocks at least; more of them decide more.`] : []),
    ].map((line) => screen.colors.dim(line)),
  ];
}

/** Whether any function was measured on the test split. */
function isTested(functions: readonly JudgedFunction[]): boolean {
  return functions.some(({ children }) => children.some(({ testAccuracy }) => testAccuracy !== null));
}

function cellsOf(one: JudgedFunction, tested: boolean): readonly string[] {
  const { group, id, verdict, advantage, blocks, failed, children, name, expression } = one;
  const isReference = isRelu(one);
  const label = name ?? knownName(one);
  return [
    String(group),
    String(id),
    isReference ? '' : verdict,
    isReference ? '' : intervalText(advantage),
    failed > 0 ? `${blocks} (${failed} failed)` : String(blocks),
    ...children.map(({ metric, validationAccuracy, accuracyMargin }) => {
      return metric !== null ? short(metric) : accuracyText(validationAccuracy, accuracyMargin);
    }),
    ...(tested ? children.map(({ testAccuracy, testMargin }) => accuracyText(testAccuracy, testMargin)) : []),
    label ? `${label}: ${expression}` : expression,
  ];
}

function accuracyText(accuracy: number | null, margin: number | null): string {
  if (accuracy === null) return '';
  return `${percent(accuracy, 2)}${margin === null ? '' : ` ±${(100 * margin).toFixed(2)}`}`;
}

/** A mean with its interval: `+0.0312 ±0.0104`; without a bound only the mean. */
export function intervalText({ mean, high }: MeanInterval): string {
  if (Number.isNaN(mean)) return '';
  return Number.isFinite(high) ? `${signed(mean)} ±${(high - mean).toFixed(4)}` : signed(mean);
}

function failureSentence({ status, expression, reason }: JudgedFunction): string[] {
  return status !== 'complete' && reason ? [`${expression} ${status}: ${reason}`] : [];
}
