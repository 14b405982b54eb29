import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { exportFunction, type TargetName, targetNames, targets } from '../../src/export/targets.ts';
import { parse } from '../../src/expression/notation.ts';
import { projectRoot } from '../../src/paths.ts';

/** Plain functions, ties, one kernel, products that meet infinity, sinc' and its series, two parameters. */
export const goldenFunctions = {
  ReLU: 'max(x, 0)',
  PReLU: 'max(x, 0) + alpha[0.25]*min(x, 0)',
  GELU: '0.5*x*(1 + erf(x/sqrt(2)))',
  SiLU: 'x*sigmoid(x)',
  Swish: 'x*sigmoid(beta*x)',
  Snake: 'x + sin(alpha*x)^2/alpha',
  Bump: 'x*exp(-beta*|x|^1.5)',
  Wave: 'min(x, sinc(lambda[0.5]*x + gamma[0]))',
} as const satisfies Record<string, string>;

export type GoldenName = keyof typeof goldenFunctions;
export const goldenNames = Object.keys(goldenFunctions) as readonly GoldenName[];
export const textTargets = targetNames.filter((name) => name !== 'onnx');

const folder = join(projectRoot, 'test', 'export', 'golden');

export function goldenFile(name: GoldenName, target: TargetName): string {
  return join(folder, name.toLowerCase(), `${target}${targets[target].ending}`);
}

export function goldenContent(name: GoldenName, target: TargetName): string | Uint8Array {
  const notes = ['Exported by activation-search on 2026-11-25.'];
  return exportFunction({ expression: parse(goldenFunctions[name]), name, notes }, target);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const name of goldenNames) {
    for (const target of textTargets) {
      const file = goldenFile(name, target);
      mkdirSync(join(file, '..'), { recursive: true });
      writeFileSync(file, goldenContent(name, target));
    }
  }
}
