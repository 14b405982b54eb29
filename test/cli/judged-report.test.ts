import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { createColors } from 'picocolors';
import { judgedReport } from '../../src/cli/judged-report.ts';
import { judgedFunctions } from '../../src/evaluation/judged-study.ts';
import { usualJudge } from '../../src/ranking/verdicts.ts';
import { Store } from '../../src/storage/store.ts';
import { fillTestedStudy } from '../storage/samples.ts';
import { temporaryFolder } from '../support/temporary.ts';

test('the table of judged functions keeps the functions in a narrow terminal', (context) => {
  const store = Store.open(join(temporaryFolder(context), 'a.db'));
  context.after(() => store.close());
  fillTestedStudy(store, 'tested');
  const children = ['tiny-synthetic', 'resnet20-cifar10', 'mlp20-mnist'].map((child) => ({
    child,
    steps: 10,
  }));
  const scoring = { kind: 'log-error-ratio', validationImages: {} } as const;
  const functions = judgedFunctions(store, 'tested', { children, scoring });
  const table = (width: number): string =>
    judgedReport(functions, usualJudge, {
      width,
      colors: createColors(false),
      unicode: true,
      redraws: true,
    })[0] ?? '';
  assert.match(table(Number.POSITIVE_INFINITY), /group.*tiny-synthetic.*mlp20-mnist, test +function/);
  for (const width of [80, 50]) {
    const text = table(width);
    const lines = text.split('\n');
    assert.ok(lines.length <= 6 && lines.every((line) => line.length <= width), text);
    assert.match(lines[0] ?? '', /id +verdict.*function$/);
    assert.match(text, /Swish: x \* sigmoid\(/);
  }
});
