import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from '../../src/expression/notation.ts';
import { shippedTablesFolder } from '../../src/paths.ts';
import { mean } from '../../src/ranking/comparisons.ts';
import { Classifier } from '../../src/search/classify.ts';
import { csvText } from '../../src/terminal/csv.ts';
import { readTrainings, type Training } from '../study-table.ts';

export const pilotScoresFile = join(shippedTablesFolder, 'quickstart-200.csv');

/**
 * Every function that the pilots of the quickstart trained on their first rung, as a table: the mean over the
 * seeds of log(loss of ReLU / loss), best first. A function that failed with any seed has no score.
 */
export function pilotScores(): string {
  const trained = readTrainings('pilots').filter(({ steps }) => steps === '200');
  const relu = new Map(
    trained
      .filter(({ kind, expression }) => kind === 'baseline' && expression === 'max(x, 0)')
      .map(({ seed, validation_loss }) => [seed, Number(validation_loss)]),
  );
  // What a study calls one function is one row, also where two studies have it in mirrored parameters.
  const classifier = new Classifier(undefined, [], 'once');
  const functions: Training[][] = [];
  for (const row of trained.filter(({ kind }) => kind === 'proposed')) {
    const { owner } = classifier.classify(functions.length, [], parse(row.expression));
    if (owner === null) functions.push([row]);
    else functions[owner]?.push(row);
  }
  const rows = functions.map((trainings) => {
    const [first] = trainings as [Training];
    const failed = trainings.find(({ status }) => status !== 'complete');
    const ratios = trainings.map((one) =>
      Math.log((relu.get(one.seed) as number) / Number(one.validation_loss)),
    );
    const score = failed ? null : mean(ratios);
    return { expression: first.expression, status: failed?.status ?? 'complete', score, trainings };
  });
  const worst = Number.NEGATIVE_INFINITY;
  const sorted = rows.toSorted(
    (a, b) => (b.score ?? worst) - (a.score ?? worst) || a.expression.localeCompare(b.expression, 'en'),
  );
  return csvText([
    ['expression', 'status', 'score', 'trainings'],
    ...sorted.map(({ expression, status, score, trainings }) => [
      expression,
      status,
      score === null ? null : score.toFixed(6),
      trainings.length,
    ]),
  ]);
}

if (process.argv[1] === import.meta.filename) writeFileSync(pilotScoresFile, pilotScores());
