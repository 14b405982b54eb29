import { execFileSync } from 'node:child_process';
import { projectRoot } from './paths.ts';

/**
 * The commit of this checkout, with a plus sign where tracked files were changed; undefined outside of git.
 */
export function gitRevision(): string | undefined {
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', projectRoot, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  try {
    if (git('rev-parse', '--show-toplevel') !== projectRoot) return undefined;
    const changed = git('status', '--porcelain', '--untracked-files=no') !== '';
    return `${git('rev-parse', 'HEAD')}${changed ? '+' : ''}`;
  } catch {
    return undefined;
  }
}
