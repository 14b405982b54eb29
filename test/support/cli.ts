import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../../src/paths.ts';

/** The script behind `npx activation-search`. */
export const cliScript: string = join(projectRoot, 'bin', 'activation-search.js');

export interface CommandResult {
  /** The exit code; null where a signal ended the process. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd?: string;
  /** Added to this process's environment; `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Written to standard input, which is empty without it. */
  readonly input?: string;
  /** The process is killed after this many milliseconds; 120,000 without it. */
  readonly timeout?: number;
}

/**
 * Runs `activation-search ARGUMENTS…` in a process of its own and waits for its end; never rejects for an
 * exit code.
 */
export function cli(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  return command(process.execPath, [cliScript, ...args], options);
}

/** Runs it as if its standard output were a terminal of so many columns, without colors. */
export function cliInTerminal(columns: number, args: readonly string[]): Promise<CommandResult> {
  const preload = `Object.assign(process.stdout, { isTTY: true, columns: ${columns} });`;
  const url = `data:text/javascript,${encodeURIComponent(preload)}`;
  return command(process.execPath, ['--import', url, cliScript, ...args], { env: { LC_ALL: 'C.UTF-8' } });
}

/** Starts `activation-search ARGUMENTS…` and gives the running process, to be watched or killed. */
export function startCli(args: readonly string[], options: CommandOptions = {}): ChildProcess {
  return spawn(process.execPath, [cliScript, ...args], spawnOptions(options));
}

/** Runs any program and waits for its end; never rejects for an exit code. */
export function command(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return finished(spawn(program, args, spawnOptions(options)), options);
}

/** Waits for the end of a started process and gathers what it prints from now on. */
export function finished(child: ChildProcess, options: CommandOptions = {}): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), options.timeout ?? 120_000);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, stdout, stderr });
    });
    child.stdin?.on('error', () => undefined).end(options.input ?? '');
  });
}

function spawnOptions({ cwd, env }: CommandOptions): SpawnOptions {
  const merged: NodeJS.ProcessEnv = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, ...env };
  // Node's test runner marks its children; a command that runs tests itself must not inherit that.
  delete merged.NODE_TEST_CONTEXT;
  for (const [name, value] of Object.entries(merged)) if (value === undefined) delete merged[name];
  return { ...(cwd === undefined ? {} : { cwd }), env: merged, stdio: ['pipe', 'pipe', 'pipe'] };
}
