import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { exportFunction, type TargetName, targets } from '../export/targets.ts';
import { parse } from '../expression/notation.ts';
import { cacheFolder } from '../paths.ts';
import { writeWholeFile } from '../whole-file.ts';

/**
 * The file in the cache that holds a function for a framework, where it is called `Activation`, or
 * `activation`. Written if it is not there yet; its name says what it holds, so that it is right for ever.
 */
export function exportedModule(formula: string, target: TargetName): string {
  const code = exportFunction({ expression: parse(formula), name: 'Activation', notes: [] }, target);
  const hash = createHash('sha256').update(code).digest('hex').slice(0, 16);
  const folder = join(cacheFolder(), 'modules');
  const file = join(folder, `activation_${hash}${targets[target].ending}`);
  if (existsSync(file)) return file;
  writeWholeFile(file, code);
  return file;
}
