import { existsSync, statSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { serveDashboard } from '../../dashboard/serve.ts';
import { printLine, printNote } from '../output.ts';
import { databaseFile, databaseOption, readStore, type StoreFlags } from '../store-access.ts';

interface DashboardFlags extends StoreFlags {
  readonly port: number;
  readonly host: string;
}

const usualPort = 4180;

/** `dashboard`. */
export function dashboardCommand(): Command {
  return new Command('dashboard')
    .description('Shows studies in a browser while they run and after; reads only.')
    .option('--port <n>', 'the port, or the next free one; 0 for whichever is free', portNumber, usualPort)
    .option('--host <address>', 'the address to serve; others than this machine may see it then', '127.0.0.1')
    .addOption(databaseOption())
    .addHelpText(
      'after',
      `
Ctrl-C ends it with exit code 0; a search that runs is not touched.

Example:
  npx activation-search dashboard --port 8080`,
    )
    .action(runDashboard);
}

async function runDashboard(flags: DashboardFlags): Promise<void> {
  const file = databaseFile(flags.db);
  // A search may make the file later; one that is there must be readable.
  if (existsSync(file) && statSync(file).size > 0) await readStore(flags, () => undefined);
  else printNote(`${file} holds nothing yet; the page shows it as soon as it does.`);
  const dashboard = await serveDashboard({ file, host: flags.host, port: flags.port });
  if (flags.port !== 0 && dashboard.port !== flags.port) {
    printNote(`Port ${flags.port} is in use; this is the next free one.`);
  }
  printLine(dashboard.url);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  dashboard.close();
}

function portNumber(given: string): number {
  const value = Number(given);
  if (!/^\d+$/.test(given) || value > 65_535) {
    throw new InvalidArgumentError('Give a whole number from 0 to 65535.');
  }
  return value;
}
