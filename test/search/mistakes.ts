import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { ActivationSearchError, formatPlace } from '../../src/errors.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** A study file, the line and column of its mistake, and words that the message and the hint must have. */
export type Mistake = readonly [text: string, place: RegExp, words: RegExp];

/** Asserts that `read` refuses each file with exit code 2, at its place and in the words expected. */
export function assertRefused(
  context: TestContext,
  mistakes: readonly Mistake[],
  read: (file: string) => unknown,
): void {
  const file = join(temporaryFolder(context), 'study.yaml');
  for (const [text, place, words] of mistakes) {
    writeFileSync(file, text);
    assert.throws(
      () => read(file),
      (error) => {
        assert.ok(error instanceof ActivationSearchError, `${text}: ${error}`);
        assert.equal(error.exitCode, 2);
        assert.match(formatPlace(error.place).replace(`${file}:`, ''), place, text);
        assert.match(`${error.message} ${error.hint ?? ''}`, words, text);
        return true;
      },
    );
  }
}
