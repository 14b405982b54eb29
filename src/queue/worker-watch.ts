import { isDeepStrictEqual } from 'node:util';
import type { Redis } from 'ioredis';
import { ActivationSearchError } from '../errors.ts';
import { commandText } from '../terminal/command-text.ts';
import { plural } from '../terminal/numbers.ts';
import type { WorkerNotice } from './queue-messages.ts';
import { listWorkers } from './worker-list.ts';

/** What a coordinator knows of its workers, or a line of text for its user. */
export interface WorkerNews {
  /** Machines that work for this study, and the trials that they train at a time. */
  readonly machines: number;
  readonly places: number;
  readonly text: string | undefined;
}

const looksUntilMissed = 3;

/** Watches the workers of a study: how much they can train, and what a person should hear of them. */
export class WorkerWatch {
  readonly #client: Redis;
  readonly #study: string;
  /** Of this sitting. */
  readonly #token: string;
  readonly #address: string;
  readonly #onNews: (news: WorkerNews) => void;
  readonly #told = new Set<string>();
  #workers: readonly WorkerNotice[] = [];
  /** Why workers do not work for this study, one for each on the server; undefined where it did not say. */
  #refusals: readonly (WorkerNotice['refused'][number] | undefined)[] = [];
  #places = 0;
  /** The other studies that these workers work for. */
  #others: readonly string[] = [];
  #looksWithout = 0;

  constructor(
    client: Redis,
    study: string,
    token: string,
    address: string,
    onNews: (news: WorkerNews) => void,
  ) {
    this.#client = client;
    this.#study = study;
    this.#token = token;
    this.#address = address;
    this.#onNews = onNews;
  }

  get machines(): number {
    return this.#workers.length;
  }

  get places(): number {
    return this.#places;
  }

  /**
   * How many trials the workers of each arithmetic are given at a time: one more than they train on a
   * machine.
   */
  shares(keyOf: (worker: WorkerNotice) => string | undefined): ReadonlyMap<string | undefined, number> {
    const shares = new Map<string | undefined, number>();
    for (const worker of this.#workers) {
      const key = keyOf(worker);
      shares.set(key, (shares.get(key) ?? 0) + worker.places + 1);
    }
    return shares;
  }

  /** Counts the workers, and reports changes. */
  async look(): Promise<void> {
    const all = [...(await listWorkers(this.#client)).values()];
    const before = [this.machines, this.places, ...this.#others];
    this.#workers = all.filter(({ studies }) => studies.some(({ key }) => key === this.#study));
    this.#places = this.#workers.reduce((sum, { places }) => sum + places, 0);
    const studies = this.#workers.flatMap((worker) => worker.studies);
    const others = studies.filter(({ key }) => key !== this.#study).map(({ name }) => `"${name}"`);
    this.#others = [...new Set(others)].sort();
    this.#refusals = all.map(({ refused }) => refused.find(({ key }) => key === this.#study));
    this.#tellRefusals(all);
    if (!isDeepStrictEqual([this.machines, this.places, ...this.#others], before)) this.#tellCount();
    this.#looksWithout = this.machines === 0 ? this.#looksWithout + 1 : 0;
    if (this.#looksWithout === looksUntilMissed) this.tell(this.#whyWaiting(all));
  }

  /**
   * Throws if one has tried to train in this sitting, and no worker is left that takes trials or may take
   * them again.
   */
  requireTakers(): void {
    const tried = this.#refusals.find((refusal) => refusal?.tried === this.#token);
    const allRefuse = this.#refusals.every((refusal) => refusal && !refusal.passing);
    if (tried === undefined || !allRefuse) return;
    const resume = commandText(['resume', tried.name, '--connect', this.#address]);
    throw new ActivationSearchError(
      'server',
      `no worker at ${this.#address} can train the study "${tried.name}": ${tried.reason}`,
      { hint: `Mend it there, then go on: ${resume}` },
    );
  }

  /** Reports a line of text. */
  tell(text: string | undefined): void {
    this.#onNews({ machines: this.machines, places: this.places, text });
  }

  #whyWaiting(all: readonly WorkerNotice[]): string {
    const start = `Start one: npx activation-search worker --connect ${this.#address}`;
    if (all.length === 0) return `no worker is connected: the study waits. ${start}`;
    return `none of the ${plural(all.length, 'worker')} of this server trains this study: it waits`;
  }

  #tellCount(): void {
    const { machines, places } = this;
    const others = this.#others.length === 0 ? '' : `, shared with ${this.#others.join(', ')}`;
    this.tell(
      machines === 0
        ? 'all workers have left'
        : `${plural(machines, 'worker')} connected, ${plural(places, 'trial')} at a time${others}`,
    );
  }

  #tellRefusals(all: readonly WorkerNotice[]): void {
    for (const [index, { machine, pid }] of all.entries()) {
      const refusal = this.#refusals[index];
      const text = refusal && `worker ${pid} on ${machine} may not train this study: ${refusal.reason}`;
      if (text === undefined || this.#told.has(text)) continue;
      this.#told.add(text);
      this.tell(text);
    }
  }
}
