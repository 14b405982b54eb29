import { join } from 'node:path';
import { compile } from '../../src/expression/evaluate.ts';
import { parse } from '../../src/expression/notation.ts';
import type { AskedTrial } from '../../src/library/asked-trial.ts';
import type { OpenStudyOptions } from '../../src/library/study-options.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** A study of five candidates that are told a distance, in a database of its own. */
export function studyOptions(
  t: { after(action: () => void): void },
  changes: Partial<OpenStudyOptions> = {},
): OpenStudyOptions & { readonly database: string } {
  const metric = { name: 'distance', goal: 'minimize' } as const;
  const plain = { space: 'small', candidates: 5, baselines: false, metric } as const;
  return { study: 'mine', ...plain, ...changes, database: join(temporaryFolder(t), 'a.db') };
}

const points = Float64Array.from({ length: 41 }, (_, index) => (index - 20) / 5);

/** An objective without any training: how far the function is from a bump, other for each seed. */
export function distance({ expression, seed }: AskedTrial): number {
  const values = compile(parse(expression))(points);
  return values.reduce((sum, value, index) => {
    const bump = Math.exp(-((points[index] as number) ** 2)) + (seed % 7) / 100;
    return sum + Math.min(10, Math.abs(value - bump)) / points.length;
  }, 1e-3);
}
