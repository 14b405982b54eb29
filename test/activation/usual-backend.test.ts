import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { programLayout } from '../../src/activation/program-format.ts';
import { chooseBackend, fusedAbsence, slowerNotice } from '../../src/activation/usual-backend.ts';
import { temporaryFolder } from '../support/temporary.ts';

suite('the choice of a backend', () => {
  test('an addon that holds the text of these programs is taken', (context) => {
    useAddon(context, `machine code ${programLayout} more of it`);
    assert.equal(fusedAbsence(), undefined);
    assert.equal(chooseBackend(undefined), 'fused');
    assert.equal(slowerNotice(undefined), undefined);
  });

  test('one that was built for other programs is passed over, with the reason', (context) => {
    const file = useAddon(context, programLayout.replace(/version \d+/, 'version 0'));
    assert.equal(fusedAbsence(), `${file} was built from other sources`);
    assert.equal(chooseBackend(undefined), 'composed');
    assert.match(slowerNotice(undefined) as string, /was built from other sources\. Run: npm run setup/);
    assert.throws(() => chooseBackend('fused'), /there is no fused kernel: .* was built from other sources/);
  });

  test('the composed operations need no addon', (context) => {
    useAddon(context, '');
    assert.equal(chooseBackend('composed'), 'composed');
    assert.equal(slowerNotice('composed'), undefined);
  });
});

/** Has the addon looked for in a file of this content for the time of a test. */
function useAddon(context: { after(clean: () => void): void }, content: string): string {
  const file = join(temporaryFolder(context), 'fused.node');
  writeFileSync(file, content);
  const before = process.env.ACTIVATION_SEARCH_FUSED;
  process.env.ACTIVATION_SEARCH_FUSED = file;
  context.after(() => {
    if (before === undefined) delete process.env.ACTIVATION_SEARCH_FUSED;
    else process.env.ACTIVATION_SEARCH_FUSED = before;
  });
  return file;
}
