import type { ControllerKind, ControllerOptions, Tokens, Told } from '../controllers/controller.ts';
import { mostOpen } from '../search/asking.ts';
import type { ScoredFunction, ScoredSpace } from './scored-space.ts';

export interface ReplayOptions {
  /** Decides all that is random in the controller, as a study's seed does. */
  readonly seed: number;
  /** Different functions to train. */
  readonly evaluations: number;
  /** Proposals asked at a time. */
  readonly batch: number;
  /** A run ends after so many, for a controller may propose known functions for ever. */
  readonly proposals: number;
}

/** What a controller did with one seed. */
export interface Run {
  readonly seed: number;
  /** The functions it trained, by number, in order. */
  readonly evaluated: readonly number[];
  /** Proposals until the last function was trained, or the end of the run. */
  readonly proposals: number;
  readonly refused: number;
  /** Of functions trained before. */
  readonly known: number;
  /** exhausted: it had nothing left to propose. */
  readonly ended: 'evaluations' | 'proposals' | 'exhausted';
}

/**
 * A search as a study does it, with the table in place of training: each batch is judged and told whole and in order,
 * functions trained before cost nothing and are told with their score, refused ones with none. It has the candidates
 * that a study of this seed, batch and controller with these scores has.
 */
export function replay(
  kind: ControllerKind,
  options: ControllerOptions,
  scored: ScoredSpace,
  { seed, evaluations, batch, proposals: mostProposals }: ReplayOptions,
): Run {
  const controller = kind.create(scored.space, seed, options);
  // As in a study, one that learns is asked as early as its kind allows, for what it knows then decides what it proposes.
  const most = kind.learns ? mostOpen(kind) : 1;
  const open: Batch[] = [];
  const evaluated = new Set<number>();
  let [proposals, refused] = [0, 0];
  let ended: Run['ended'] | undefined;

  const ask = (): void => {
    const asked = controller.ask(Math.min(batch, mostProposals - proposals));
    if (asked.length === 0) ended = 'exhausted';
    const told: Told[] = [];
    for (const tokens of asked) {
      const result = judged(tokens, scored, evaluated);
      told.push(result);
      proposals += 1;
      if (result.origin === 'refused') refused += 1;
      if (evaluated.size === evaluations) ended = 'evaluations';
      if (ended) return;
    }
    open.push({ told, waits: told.some(({ origin }) => origin === 'new') });
    if (proposals >= mostProposals) ended = 'proposals';
  };
  /** Tells the batches of which nothing is to be trained any more, oldest first, and asks for others in their place. */
  const settle = (): void => {
    for (let first = open[0]; first && !first.waits; first = open[0]) {
      open.shift();
      controller.tell(first.told);
      if (!ended) ask();
    }
  };

  while (!ended) {
    if (open.length < most) ask();
    else (open[0] as Batch).waits = false;
    settle();
  }
  const known = proposals - refused - evaluated.size;
  return { seed, evaluated: [...evaluated], proposals, refused, known, ended };
}

/** Proposals that were asked together, and whether some of them are still to be trained. */
interface Batch {
  readonly told: readonly Told[];
  waits: boolean;
}

function judged(tokens: Tokens, scored: ScoredSpace, evaluated: Set<number>): Told {
  const id = scored.judge(tokens);
  if (id === undefined) return { tokens, reward: null, rung: 0, origin: 'refused' };
  const origin = evaluated.has(id) ? 'known' : 'new';
  evaluated.add(id);
  return { tokens, reward: (scored.functions[id] as ScoredFunction).score, rung: 1, origin };
}
