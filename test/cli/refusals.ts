import assert from 'node:assert/strict';
import { cli } from '../support/cli.ts';

/** Holds that each command line ends with exit code 2 and nothing but words that match on standard error. */
export async function assertRefused(cases: readonly (readonly [string[], RegExp])[]): Promise<void> {
  for (const [args, message] of cases) {
    const { code, stdout, stderr } = await cli(args);
    assert.equal(code, 2, `${args.join(' ')}: ${stderr}`);
    assert.equal(stdout, '', args.join(' '));
    assert.match(stderr, message, args.join(' '));
    assert.doesNotMatch(stderr, /\bat .*\.js:\d/, 'no stack');
  }
}
