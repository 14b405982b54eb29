// node write-proof.js FOLDER COUNT: every case for every target, and the references, for the scripts that
// check them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportFunction, targetNames, targets } from '../../src/export/targets.ts';
import { type Precision, precisions, proofCases, referencesOf } from './proof-cases.ts';

const [folder = '', count = '200'] = process.argv.slice(2);
const cases = proofCases(Number(count));
for (const target of targetNames) {
  mkdirSync(join(folder, target), { recursive: true });
  for (const { name, expression } of cases) {
    writeFileSync(
      join(folder, target, `${name.toLowerCase()}${targets[target].ending}`),
      exportFunction({ expression, name, notes: [] }, target),
    );
  }
}
for (const precision of Object.keys(precisions) as Precision[]) {
  const references = cases.map(({ name, kind, title, expression }) => ({
    name,
    kind,
    title,
    references: referencesOf(expression, precision),
  }));
  const document = {
    epsilon: precisions[precision].epsilon,
    largest: precisions[precision].largest,
    cases: references,
  };
  writeFileSync(join(folder, `${precision}.json`), JSON.stringify(document, asText));
}

/** JSON has no NaN and infinity: they are texts that Python's float() and JavaScript's Number() read. */
function asText(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
