import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Command } from 'commander';
import { projectRoot } from '../../paths.ts';
import { printLine } from '../output.ts';

type SetUp = (options: { readonly asked: boolean }) => Promise<boolean>;

/** `setup`: the same as `npm run setup` in a checkout, for a package that is installed in another project. */
export function setupCommand(): Command {
  return new Command('setup')
    .description("Builds and fetches what is missing here: SQLite, TensorFlow's library, the fused kernel.")
    .addHelpText('after', '\nExample:\n  npx activation-search setup')
    .action(async () => {
      const file = join(projectRoot, 'scripts', 'setup', 'run.mjs');
      const { setUp } = (await import(pathToFileURL(file).href)) as { setUp: SetUp };
      if (!(await setUp({ asked: true }))) printLine('set-up: everything is in place');
    });
}
