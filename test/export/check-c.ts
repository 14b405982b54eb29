// node check-c.js FOLDER: compiles all headers into one program, and compares values and derivatives.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProofReport } from './proof-report.ts';

const folder = process.argv[2] as string;
const report = new ProofReport(folder, 'c');
const includes = report.cases.map(({ name }) => `#include "${name.toLowerCase()}.h"`);
const x = report.cases[0]?.references[0]?.x ?? [];
const functions = report.cases.map(({ name, references }) => {
  const lines = references.flatMap(({ parameters, outputs }) =>
    outputs.map(({ of }, index) => {
      const suffix = index === 0 ? '' : `_d${of}`;
      const values = Object.values(parameters).map(literal);
      const call = `${name.toLowerCase()}${suffix}(${['x[i]', ...values].join(', ')})`;
      return `    for (int i = 0; i < ${x.length}; i++) printf("%.9g\\n", ${call});`;
    }),
  );
  return `static void run_${name}(void) {\n${lines.join('\n')}\n}`;
});
const source = `#include <stdio.h>
${includes.join('\n')}
static const float x[] = {${x.map(literal).join(', ')}};
${functions.join('\n')}
int main(void) {
${report.cases.map(({ name }) => `    run_${name}();`).join('\n')}
    return 0;
}
`;
writeFileSync(join(folder, 'c', 'main.c'), source);
const program = join(folder, 'c', 'main');
const flags = [
  '-std=c99',
  '-O1',
  '-Wall',
  '-Wextra',
  '-Werror',
  '-o',
  program,
  join(folder, 'c', 'main.c'),
  '-lm',
];
execFileSync('cc', flags, { stdio: 'inherit' });
const printed = execFileSync(program, { maxBuffer: 2 ** 30, encoding: 'utf8' })
  .trim()
  .split('\n')
  .map(read);
let next = 0;
for (const one of report.cases) {
  for (const reference of one.references) {
    for (const output of reference.outputs) {
      report.compare(one, reference.x, output, printed.slice(next, next + x.length));
      next += x.length;
    }
  }
}
process.exitCode = report.finish() ? 0 : 1;

function literal(value: number): string {
  if (Number.isNaN(value)) return 'NAN';
  if (!Number.isFinite(value)) return value < 0 ? '-INFINITY' : 'INFINITY';
  const text = Object.is(value, -0) ? '-0' : String(value);
  return /[.e]/.test(text) ? `${text}f` : `${text}.0f`;
}

function read(text: string): number {
  if (text.includes('nan')) return Number.NaN;
  return Number(text.replace('inf', 'Infinity'));
}
