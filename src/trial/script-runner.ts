import { toolVersion } from '../paths.ts';
import { exportedModule } from './exported-module.ts';
import type { ScriptJob, WorkerMessage } from './messages.ts';
import type { Arithmetic, TrialOutcome, TrialRequest } from './protocol.ts';
import { requestEnvironment, Script } from './script.ts';
import { type FromScript, type ScriptRequest, scriptProtocol } from './script-lines.ts';
import { ScriptTrial } from './script-trial.ts';

const graceMilliseconds = 10_000;
const progressMilliseconds = 400;
/** The longest wait that a timer takes. */
const longestWait = 2 ** 31 - 1;

/** That of a script that says nothing of its machine. */
const silentArithmetic: Arithmetic = { command: {} };

/**
 * Runs the trials of a child that a script trains: a command, or a module in a program of this tool. A script
 * that stays is started once and serves one request after another; one that trains once (`once: true`) is
 * started for each request. `leave` ends the worker with all of its processes.
 */
export class ScriptRunner {
  readonly #job: ScriptJob;
  readonly #send: (message: WorkerMessage, sent?: () => void) => void;
  readonly #leave: () => void;
  /** Whether the script is started anew for each trial. */
  readonly #once: boolean;
  #script: Script | undefined;
  #ready = false;
  #arithmetic: Arithmetic = silentArithmetic;
  #trial: ScriptTrial | undefined;
  /** The outcome of a trial that the script was told to stop. */
  #stopped: TrialOutcome | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Whether the last word was said. */
  #isOver = false;
  #lastProgress = 0;
  readonly #answered = new Set<number>();

  constructor(job: ScriptJob, send: (message: WorkerMessage, sent?: () => void) => void, leave: () => void) {
    this.#job = job;
    this.#send = send;
    this.#leave = leave;
    this.#once = 'command' in job.recipe && job.recipe.once;
    if (this.#once) {
      this.#ready = true;
      this.#tell({ kind: 'ready' });
    } else {
      this.#script = this.#start({});
      const { child, worker, recipe } = job;
      this.#script.send({ kind: 'hello', protocol: scriptProtocol, child, worker, options: recipe.options });
    }
  }

  run(request: TrialRequest): void {
    const { recipe } = this.#job;
    this.#trial = new ScriptTrial(request, recipe, this.#arithmetic);
    this.#awaitLimit(1000 * request.timeLimit);
    const { id, expression: formula, seed, steps, rung = 1 } = request;
    const target = 'command' in recipe ? recipe.export : undefined;
    const module = target === undefined ? null : exportedModule(formula, target);
    const head = { kind: 'trial', protocol: scriptProtocol, id } as const;
    const written: ScriptRequest = { ...head, formula, module, seed, steps, rung, options: recipe.options };
    if (this.#once) this.#script = this.#start(requestEnvironment(written));
    this.#script?.send(written);
    if (this.#once) this.#script?.endInput();
  }

  /** Lets a waiting script end by itself. */
  shutdown(): void {
    if (!this.#script) this.#leave();
    this.#script?.send({ kind: 'shutdown' });
    this.#script?.endInput();
  }

  #start(env: Readonly<Record<string, string>>): Script {
    return new Script(this.#job, env, {
      onMessage: (message) => this.#receive(message),
      onWrong: (reason) => this.#fail(reason),
      onEnd: (reason, found) => this.#ended(reason, found),
    });
  }

  #receive(message: FromScript): void {
    if (message.kind === 'ready') {
      this.#beReady(message);
      return;
    }
    const trial = this.#trial;
    const { id = trial?.request.id } = message;
    if (!trial || id !== trial.request.id) {
      this.#refuseStray(message.kind, id);
      return;
    }
    if (message.kind === 'progress') {
      if (this.#stopped) return;
      const over = trial.progress(message.step, message.loss);
      if (over) this.#stop(over);
      else this.#report(trial, message.loss);
      return;
    }
    if (this.#stopped) {
      this.#settle(this.#stopped, this.#once);
      return;
    }
    const outcome = message.kind === 'outcome' ? trial.outcome(message) : 'it stopped without being told to';
    if (typeof outcome === 'string') this.#fail(outcome);
    else this.#settle(outcome, this.#once);
  }

  #beReady({ protocol, arithmetic }: Extract<FromScript, { kind: 'ready' }>): void {
    if (this.#ready && !this.#once) return;
    if (protocol !== scriptProtocol) {
      const message = `the script of child "${this.#job.child}" speaks protocol ${protocol}, this tool ${scriptProtocol}.`;
      this.#refuse(
        message,
        `Update it: activation-search ${toolVersion()} ships examples/activation_search_child.py.`,
      );
      return;
    }
    this.#arithmetic = arithmetic ? { command: arithmetic } : silentArithmetic;
    if (this.#trial) this.#trial.arithmetic = this.#arithmetic;
    if (this.#ready) return;
    this.#ready = true;
    this.#tell({ kind: 'ready' });
  }

  /** Ignores a second answer to a request. An answer to a request that was never made is a failure. */
  #refuseStray(kind: string, id: number | undefined): void {
    const what = `it sent "${kind}" for request ${id ?? 'none'}`;
    if (id !== undefined && this.#answered.has(id)) process.stderr.write(`${what}, which has its answer\n`);
    else
      this.#fail(this.#trial ? `${what}, not ${this.#trial.request.id}` : `${what}, when nothing was asked`);
  }

  #report({ step, request: { steps } }: ScriptTrial, loss: number | null): void {
    if (performance.now() - this.#lastProgress < progressMilliseconds) return;
    this.#lastProgress = performance.now();
    this.#tell({ kind: 'progress', step, steps, trainingLoss: loss ?? Number.NaN });
  }

  #awaitLimit(milliseconds: number): void {
    const wait = Math.min(milliseconds, longestWait);
    const then = (): void => (milliseconds > wait ? this.#awaitLimit(milliseconds - wait) : this.#timeOut());
    this.#timer = setTimeout(then, wait);
  }

  #timeOut(): void {
    if (this.#trial && !this.#stopped) this.#stop(this.#trial.timedOut());
  }

  /** Tells the script to give the trial up, and leaves with it if it does not. */
  #stop(outcome: TrialOutcome): void {
    this.#stopped = outcome;
    if (this.#once) {
      this.#settle(outcome, true);
      return;
    }
    this.#script?.send({ kind: 'stop', id: outcome.id });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#settle(outcome, true), graceMilliseconds);
  }

  #settle(outcome: TrialOutcome, last: boolean): void {
    clearTimeout(this.#timer);
    this.#answered.add(outcome.id);
    this.#trial = undefined;
    this.#stopped = undefined;
    const message = { kind: 'outcome', outcome, last } as const;
    if (last) this.#end(message, this.#leave);
    else this.#tell(message);
  }

  #fail(reason: string): void {
    // Of one that cannot start the pool says so.
    const what = this.#ready ? `the script of child "${this.#job.child}" failed: ` : '';
    this.#end({ kind: 'failed', reason: `${what}${reason}` });
  }

  #refuse(message: string, hint: string): void {
    this.#end({ kind: 'refused', code: 'config', message, hint, last: true }, this.#leave);
  }

  /** Says the last word: what the script still does changes nothing. */
  #end(message: WorkerMessage, sent?: () => void): void {
    clearTimeout(this.#timer);
    this.#tell(message, sent);
    this.#isOver = true;
  }

  #tell(message: WorkerMessage, sent?: () => void): void {
    if (!this.#isOver) this.#send(message, sent);
  }

  #ended(reason: string, found: boolean): void {
    const { child } = this.#job;
    if (!found) {
      this.#refuse(
        `${reason}: it is the command of child "${child}".`,
        'Check the recipe; a path is relative to its file.',
      );
    } else if (this.#stopped) this.#settle(this.#stopped, true);
    else if (this.#trial) this.#fail(`${reason} without an outcome`);
    else if (!this.#ready) this.#fail(`${reason} before it was ready`);
    else this.#leave();
  }
}
