// Compiles headers with the C compiler.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { exportFunction } from '../../src/export/targets.ts';
import { derivative, parametersOf } from '../../src/expression/derive.ts';
import { evaluate } from '../../src/expression/evaluate.ts';
import { parse } from '../../src/expression/notation.ts';
import { command } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { goldenFunctions, goldenNames } from './golden.ts';

const points = [-88, -20, -3, -1, -0.25, 0, 0.25, 1, 3, 20, 88].map(Math.fround);

test('headers compile whatever their parameters and functions are called', async (t) => {
  const folder = temporaryFolder(t);
  const functions = {
    Probe: 'auto*x + h*sin(x*mul_1) + mul_1*x*sin(mul_1*x) + cos(x*mul_1) + linux',
    Floor: 'lambda*x + lambda_*sin(x)',
    X: 'x*sigmoid(dx*x)',
  };
  const includes = Object.entries(functions).map(([name, formula]) => {
    writeFileSync(
      join(folder, `${name}.h`),
      exportFunction({ expression: parse(formula), name, notes: [] }, 'c'),
    );
    return `#include "${name}.h"\n`;
  });
  writeFileSync(join(folder, 'main.c'), `${includes.join('')}int main(void) { return 0; }\n`);
  const flags = ['-std=gnu99', '-Wall', '-Wextra', '-Werror', '-Wno-unused-function'];
  const compiled = await command('cc', [...flags, '-o', join(folder, 'main'), join(folder, 'main.c'), '-lm']);
  assert.deepEqual([compiled.code, compiled.stderr], [0, '']);
});

test('headers compile without a warning, several in one file, and compute what evaluate does', async (t) => {
  const folder = temporaryFolder(t);
  const expected: number[] = [];
  const prints: string[] = [];
  for (const name of goldenNames) {
    const expression = parse(goldenFunctions[name]);
    writeFileSync(join(folder, `${name}.h`), exportFunction({ expression, name, notes: [] }, 'c'));
    const parameters = parametersOf(expression).map((one) => ({
      ...one,
      c: one.name === 'lambda' ? 'lambda_' : one.name,
    }));
    const values = parameters.map(({ c }) => `${name.toUpperCase()}_${c.toUpperCase()}`);
    const outputs = [
      { suffix: '', exact: expression },
      { suffix: '_dx', exact: derivative(expression, 'x') },
      ...parameters.map((one) => ({ suffix: `_d${one.c}`, exact: derivative(expression, one.name) })),
    ];
    for (const { suffix, exact } of outputs) {
      for (const x of points) {
        prints.push(`printf("%.9g\\n", ${name.toLowerCase()}${suffix}(${[`${x}`, ...values].join(', ')}));`);
        expected.push(evaluate(exact, { x }));
      }
    }
  }
  const includes = goldenNames.map((name) => `#include "${name}.h"\n#include "${name}.h"`);
  const source = `#include <stdio.h>\n${includes.join('\n')}\nint main(void) {\n${prints.join('\n')}\nreturn 0;\n}\n`;
  writeFileSync(join(folder, 'main.c'), source);
  const flags = ['-std=c99', '-Wall', '-Wextra', '-Werror', '-Wshadow', '-O2'];
  const program = join(folder, 'main');
  const compiled = await command('cc', [...flags, '-o', program, join(folder, 'main.c'), '-lm']);
  assert.deepEqual([compiled.code, compiled.stderr], [0, '']);
  const { stdout } = await command(program, []);
  const given = stdout.trim().split('\n').map(Number);
  assert.equal(given.length, expected.length);
  expected.forEach((exact, index) => {
    const value = given[index] as number;
    const error = Math.abs(value - exact) / Math.max(1, Math.abs(exact));
    assert.ok(error < 2e-6, `${prints[index]}: ${value}, not ${exact}`);
  });
});
