import type { Told } from '../controllers/controller.ts';
import type { Candidate } from '../study/candidate.ts';
import { type Ladder, promoted } from '../study/ladder.ts';
import { isTrained } from '../study/statuses.ts';
import type { Climber } from './climber.ts';

/** A batch that is not yet told, and how far up the ladder it is. */
export interface OpenBatch {
  readonly number: number;
  readonly kind: Candidate['kind'];
  /** All of it in the order asked, the refused and known ones too. */
  readonly records: readonly Candidate[];
  /** The rung on which it trains now, from 1. */
  rung: number;
  /** Those of it that are on that rung. */
  climbers: readonly Climber[];
  /** Whether limits left some of it to be begun later: then it cannot be told. */
  cut: boolean;
}

/** A batch as it begins: baselines are trained on all rungs, proposals on the first; one without new ones is at its end. */
export function openBatch(
  records: readonly Candidate[],
  candidates: readonly Climber[],
  ladder: Ladder,
): OpenBatch {
  const { batch, kind } = records[0] as Candidate;
  return {
    number: batch,
    kind,
    records,
    rung: kind === 'baseline' || candidates.length === 0 ? ladder.batchHeight : 1,
    climbers: candidates,
    cut: false,
  };
}

/**
 * Successive halving within a batch: once all that train on its rung are in, the best share of those with a score
 * gets the next rung as its goal. Gives them. Where the study's limits let no more be begun (`cut`), the batch is
 * those of it that were.
 */
export function climb(batch: OpenBatch, ladder: Ladder, cut: boolean): readonly Climber[] {
  const climbers = cut ? batch.climbers.filter(({ begun }) => begun) : batch.climbers;
  const { share } = ladder.rung(batch.rung);
  if (share === null || batch.rung === ladder.batchHeight) return [];
  if (climbers.some(({ reached }) => reached < batch.rung)) return [];
  batch.cut ||= climbers.length < batch.climbers.length;
  const chosen = new Set(
    promoted(
      climbers.map(({ record }) => record),
      share,
    ),
  );
  batch.climbers = climbers.filter(({ record }) => chosen.has(record));
  batch.rung = batch.climbers.length === 0 ? ladder.batchHeight : batch.rung + 1;
  for (const candidate of batch.climbers) candidate.goal = batch.rung;
  return batch.climbers;
}

/** Whether nothing of a batch is left to train. */
export function isWhole(batch: OpenBatch, ladder: Ladder): boolean {
  return (
    !batch.cut &&
    batch.rung === ladder.batchHeight &&
    batch.climbers.every(({ reached, record }) => reached === batch.rung || failed(record))
  );
}

/** What a controller is told of a whole batch; `ownerOf` gives the candidate whose result one has, itself or an equal one. */
export function told({ records }: OpenBatch, ownerOf: (record: Candidate) => Candidate): readonly Told[] {
  return records.map((record): Told => {
    const { id, tokens, status, sameAs } = record;
    if (!tokens) throw new Error(`proposal ${id} has no tokens`);
    if (status === 'refused') return { tokens, reward: null, rung: 0, origin: 'refused' };
    const { score, rung } = ownerOf(record);
    if (rung === null) throw new Error(`proposal ${id} has no result`);
    return { tokens, reward: score, rung, origin: sameAs === null ? 'new' : 'known' };
  });
}

function failed({ status }: Candidate): boolean {
  return isTrained(status) && status !== 'complete';
}
