import { networkArithmeticOf, networkArithmeticWith } from '../trial/network-arithmetic.ts';
import type { Arithmetic } from '../trial/protocol.ts';
import { arithmeticKey, type WorkerNotice } from './queue-messages.ts';
import type { QueueStudy } from './study-claim.ts';
import type { WaitingTrial } from './waiting-trial.ts';
import type { WorkerWatch } from './worker-watch.ts';

/**
 * Which queue of a study a trial is put into. A study of one arithmetic has one queue. A mixed one has a
 * queue for each arithmetic, and a trial goes where workers have the most room for it.
 */
export class QueueChoice {
  readonly #study: Pick<QueueStudy, 'mixed' | 'activation' | 'precision'>;
  readonly #watch: WorkerWatch;

  constructor(study: Pick<QueueStudy, 'mixed' | 'activation' | 'precision'>, watch: WorkerWatch) {
    this.#study = study;
    this.#watch = watch;
  }

  /** The only queue for a trial that must be trained in an arithmetic; undefined if any will do. */
  within(arithmetic: Arithmetic | undefined): string | undefined {
    const network = this.#study.mixed && arithmetic ? networkArithmeticOf(arithmetic) : undefined;
    return network && arithmeticKey(network);
  }

  /** Whether a worker takes trials from a queue; there need be none yet in a study of one arithmetic. */
  isServed(queue: string | undefined): boolean {
    return !this.#study.mixed || this.#shares().has(queue);
  }

  /** Those of the trials whose arithmetic no worker has any more. */
  hopeless(trials: Iterable<WaitingTrial>): readonly WaitingTrial[] {
    return [...trials].filter(({ within }) => within !== undefined && !this.isServed(within));
  }

  /** The queue for a trial; `others` are all that wait. Returns undefined where no worker could take it. */
  for(
    trial: WaitingTrial,
    others: Iterable<WaitingTrial>,
  ): { readonly queue: string | undefined } | undefined {
    if (!this.#study.mixed) return { queue: undefined };
    const room = new Map(this.#shares());
    if (trial.within !== undefined) return room.has(trial.within) ? { queue: trial.within } : undefined;
    for (const { queue } of others) {
      const left = room.get(queue);
      if (left !== undefined) room.set(queue, left - 1);
    }
    const [most] = [...room].sort(([, a], [, b]) => b - a);
    return most && { queue: most[0] };
  }

  #shares(): ReadonlyMap<string | undefined, number> {
    return this.#watch.shares(({ arithmetic }: WorkerNotice) =>
      arithmetic === null ? undefined : arithmeticKey(networkArithmeticWith(arithmetic, this.#study)),
    );
  }
}
