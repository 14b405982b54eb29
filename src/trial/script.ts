import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ScriptJob } from './messages.ts';
import { type FromScript, readScriptLine, type ScriptRequest, type ToScript } from './script-lines.ts';

export interface ScriptEvents {
  onMessage(message: FromScript): void;
  /** The script has written what breaks the protocol. */
  onWrong(reason: string): void;
  /** It has ended, and nothing comes after. `found` is false if there is no such command. */
  onEnd(reason: string, found: boolean): void;
}

/** The program that trains children written in JavaScript. */
const moduleProgram = fileURLToPath(import.meta.resolve('./module-child.js'));

const longestLine = 16 * 1024 * 1024;
/** How long what a script has started may hold its output open once it has ended. */
const outputMilliseconds = 1000;

/**
 * A running training script. It shares the process group and standard error of this process; what it prints
 * on standard output besides messages goes to standard error too.
 */
export class Script {
  readonly #process: ChildProcess;
  readonly #events: ScriptEvents;
  #rest = '';
  #ended = false;

  /** `env`: variables beside those of the recipe. */
  constructor(job: ScriptJob, env: Readonly<Record<string, string>>, events: ScriptEvents) {
    const [command = '', ...args] = commandOf(job);
    this.#events = events;
    this.#process = spawn(command, args, {
      cwd: job.recipe.folder,
      env: { ...process.env, ...ownVariables(job), ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let failure: NodeJS.ErrnoException | undefined;
    this.#process.on('error', (error) => {
      failure = error;
    });
    const end = (code: number | null, signal: NodeJS.Signals | null): void => {
      if (this.#ended) return;
      this.#process.stdout?.destroy();
      if (this.#rest !== '') this.#line(this.#rest);
      this.#ended = true;
      if (failure) events.onEnd(`the command "${command}" cannot be started (${failure.code})`, false);
      else events.onEnd(signal ? `it was killed by ${signal}` : `it exited with code ${code}`, true);
    };
    this.#process.on('close', end);
    // What is there to be read comes before the end, however late the timer is.
    this.#process.on('exit', (code, signal) =>
      setTimeout(() => setImmediate(end, code, signal), outputMilliseconds),
    );
    // A script that reads nothing, or no longer, is noticed by its silence or its end.
    this.#process.stdin?.on('error', () => undefined);
    this.#process.stdout?.setEncoding('utf8').on('data', (text: string) => this.#read(text));
  }

  send(message: ToScript): void {
    this.#process.stdin?.write(`${JSON.stringify(message)}\n`);
  }

  /** Nothing more will be sent. */
  endInput(): void {
    this.#process.stdin?.end();
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#line(line);
    if (this.#rest.length > longestLine) {
      this.#rest = '';
      this.#events.onWrong('it wrote a line of more than 16 MB');
    }
  }

  #line(text: string): void {
    const line = readScriptLine(text);
    if (line.kind === 'message') this.#events.onMessage(line.message);
    else if (line.kind === 'wrong') this.#events.onWrong(line.reason);
    else if (line.text.trim() !== '') process.stderr.write(`${line.text}\n`);
  }
}

function commandOf({ recipe, activation, precision }: ScriptJob): readonly string[] {
  if ('command' in recipe) return recipe.command;
  const file = resolve(recipe.folder, recipe.module);
  return [process.execPath, moduleProgram, file, recipe.function, activation, precision];
}

/** The variables of a recipe, in which `{worker}` stands for the worker's number. */
function ownVariables({ recipe, worker }: ScriptJob): Record<string, string> {
  return Object.fromEntries(
    Object.entries(recipe.env).map(([name, value]) => [name, value.replaceAll('{worker}', String(worker))]),
  );
}

/** A request as variables, for scripts that train once and read no JSON. */
export function requestEnvironment(request: ScriptRequest): Record<string, string> {
  return {
    ACTIVATION_SEARCH_REQUEST: JSON.stringify(request),
    ACTIVATION_SEARCH_FORMULA: request.formula,
    ACTIVATION_SEARCH_MODULE: request.module ?? '',
    ACTIVATION_SEARCH_SEED: String(request.seed),
    ACTIVATION_SEARCH_STEPS: String(request.steps),
    ACTIVATION_SEARCH_RUNG: String(request.rung),
  };
}
