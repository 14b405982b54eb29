/**
 * What is known about a function against ReLU:
 * - ahead, behind: its mean differs from ReLU's, in this direction;
 * - equal: their means differ by less than the stated margin;
 * - undecided: the blocks do not say.
 */
const verdictKinds = ['ahead', 'equal', 'behind', 'undecided'] as const;
export type Verdict = (typeof verdictKinds)[number];

/** What a study's verdicts say about one of its candidates. */
export interface CandidateVerdict {
  readonly candidateId: number;
  readonly verdict: Verdict;
  /** 1: may be as good as the best, within the margin; null where no function has blocks for a verdict. */
  readonly group: number | null;
  /** Blocks that it shares with ReLU, and those of them on which it failed. */
  readonly blocks: number;
  readonly failedBlocks: number;
  /**
   * Its mean lead over ReLU on a block, as a log ratio, with an interval that holds for all functions and at
   * all looks; null where the blocks allow none.
   */
  readonly lead: number | null;
  readonly leadLow: number | null;
  readonly leadHigh: number | null;
  /** True for one candidate of a study at most. */
  readonly recommended: boolean;
}

/** The verdicts of a study, with what its blocks say about its children and its seeds. */
export interface StudyVerdicts {
  readonly verdicts: readonly CandidateVerdict[];
  /**
   * Kendall's W: 1 where all children order the functions alike, 0 where their orders have nothing in common;
   * null with one child.
   */
  readonly concordance: number | null;
  /**
   * Correlation of two functions' results on the same block: the share of the variance of their difference
   * that common seeds take away. Null where the functions do not share two blocks of each child.
   */
  readonly seedCorrelation: number | null;
}
