import { type ChildProcess, fork } from 'node:child_process';
import { z } from 'zod';
import type { Logger } from '../logger.ts';
import { type FromWorker, fromWorker, type ToWorker } from './messages.ts';
import { groupMemory, processMemory } from './process-memory.ts';
import type { TrialRequest } from './protocol.ts';
import type { WorkerKind } from './worker-kind.ts';

const shutdownMilliseconds = 3000;
const secondsToStart = 60;
const keptOutput = 16 * 1024;
const mostLastWords = 2048;

export interface WorkerEvents {
  onMessage(message: FromWorker): void;
  /** The process has ended, for the given reason, and all its output was read. */
  onEnd(reason: string): void;
}

/** What a worker may do before it is ended. */
export interface WorkerLimits {
  /** Seconds without a message while it trains; a script's recipe may say otherwise. */
  readonly silence: number;
  /** Bytes of memory. */
  readonly memory: number;
  /** Seconds from one look of the pool to the next. */
  readonly secondsPerLook: number;
}

/** One forked worker: its process, what it is doing, its last words and how long it has been silent. */
export class WorkerProcess {
  readonly kind: WorkerKind;
  /** Among the workers of its kind, from 0. */
  readonly number: number;
  /** leaving: told to exit, takes no more trials. */
  #state: 'starting' | 'idle' | 'busy' | 'leaving' = 'starting';
  #wasReady = false;
  /** Looks of the pool since the last message. */
  #silence = 0;
  readonly #process: ChildProcess;
  readonly #logger: Logger;
  #output = '';
  #verdict: string | undefined;

  constructor(kind: WorkerKind, number: number, logger: Logger, events: WorkerEvents) {
    this.kind = kind;
    this.number = number;
    this.#process = fork(kind.entry, [], {
      env: kind.env,
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      detached: kind.ownGroup,
    });
    this.#logger = logger.child({ worker: this.#process.pid });
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => this.#hear(text));
    this.#process.on('message', (message) => {
      this.#silence = 0;
      // Of one that was given up no answer counts: its trial is tried again.
      if (this.#verdict !== undefined) return;
      const parsed = fromWorker.safeParse(message);
      if (parsed.success) {
        this.#follow(parsed.data);
        events.onMessage(parsed.data);
      } else this.kill(`the worker sent what it must not: ${z.prettifyError(parsed.error)}`);
    });
    // A process that could not be started, and a channel that broke, end in `close` as well.
    this.#process.on('error', (error) => this.#hear(`${error.message}\n`));
    // What a script has started must not outlive its worker; `close` comes once none of them holds the output
    // open.
    this.#process.on('exit', () => this.#endGroup());
    this.#process.on('close', (code, signal) => events.onEnd(this.#describeEnd(code, signal)));
    const first = kind.firstMessage(number);
    if (first) this.#send(first);
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get isStarting(): boolean {
    return this.#state === 'starting';
  }

  get isIdle(): boolean {
    return this.#state === 'idle';
  }

  /** Whether it needs a core: it trains, or is about to be able to. */
  get isAtWork(): boolean {
    return this.#state === 'starting' || this.#state === 'busy';
  }

  /** Whether it ever said that it is ready. */
  get wasReady(): boolean {
    return this.#wasReady;
  }

  run(request: TrialRequest): void {
    this.#state = 'busy';
    this.#send({ kind: 'run', request });
  }

  /** Lets an idle worker exit, and kills it if it does not. */
  retire(): void {
    this.#state = 'leaving';
    this.#send({ kind: 'shutdown' });
    const timer = setTimeout(() => this.kill(), shutdownMilliseconds);
    this.#process.once('close', () => clearTimeout(timer));
  }

  /** Ends the process, and all that it has started, at once; `verdict` becomes the reason if it is given. */
  kill(verdict?: string): void {
    this.#verdict ??= verdict;
    this.#state = 'leaving';
    this.#process.kill('SIGKILL');
    this.#endGroup();
  }

  /**
   * Looks at a worker that works: one that is silent for too long, or has grown too big, is killed. Silence
   * is counted in looks, not by the clock, so that a computer that slept does not lose its trials.
   */
  look({ silence, memory, secondsPerLook }: WorkerLimits): void {
    if (!this.isAtWork) return;
    this.#silence += 1;
    const limit = this.kind.silence ?? silence;
    const patience = this.isStarting ? Math.max(limit, secondsToStart) : limit;
    if (this.#silence * secondsPerLook > patience) {
      this.kill(`the worker hung: no sign of life for ${patience} s`);
    } else if (!this.isStarting && this.memory() > memory) {
      this.kill(`the worker grew beyond its memory limit of ${Math.round(memory / 1e6)} MB`);
    }
  }

  /** Bytes of memory that the worker and all that it has started use; 0 if the system does not tell. */
  memory(): number {
    const { pid } = this;
    if (pid === undefined) return 0;
    return this.kind.ownGroup ? groupMemory(pid) : processMemory(pid);
  }

  #follow(message: FromWorker): void {
    if (this.#state === 'leaving') return;
    if (message.kind === 'ready') this.#wasReady = true;
    if (message.kind === 'ready') this.#state = 'idle';
    if (message.kind === 'outcome' || message.kind === 'refused')
      this.#state = message.last ? 'leaving' : 'idle';
  }

  #send(message: ToWorker): void {
    this.#silence = 0;
    // A worker that dies meanwhile is reported by `close`.
    this.#process.send(message, () => undefined);
  }

  #endGroup(): void {
    if (!this.kind.ownGroup || this.pid === undefined) return;
    try {
      process.kill(-this.pid, 'SIGKILL');
    } catch {
      // Nobody is left in it.
    }
  }

  #hear(text: string): void {
    this.#output = (this.#output + text).slice(-keptOutput);
    this.#logger.warn({ output: text.trimEnd() }, 'worker output');
  }

  #describeEnd(code: number | null, signal: NodeJS.Signals | null): string {
    const how =
      this.#verdict ??
      (signal ? `the worker was killed by ${signal}` : `the worker exited with code ${code}`);
    const words = lastWords(this.#output);
    return words ? `${how}; its last words: ${words}` : how;
  }
}

/** The end of what a process wrote, without the addresses that V8 prints after the message that matters. */
function lastWords(output: string): string {
  const lines = output
    .split('\n')
    .filter((line) => !/^\s*\d+: 0x[0-9a-f]+ |^-+ .*stack trace.* -+$/i.test(line));
  return lines.join('\n').trim().slice(-mostLastWords);
}
