import type { Candidate } from '../study/candidate.ts';
import { finiteOrNull, type TrialKey } from '../study/trial.ts';
import type { CandidateVerdict, StudyVerdicts } from '../study/verdict.ts';
import { blocksOf } from './blocks.ts';
import { mean } from './comparisons.ts';
import { kendallW, pairedShare } from './concordance.ts';
import type { MeasureOptions, ScoredTrial } from './scored-trials.ts';
import {
  against,
  type Competitor,
  type Judged,
  type JudgeOptions,
  judgeAll,
  optionsOfOne,
  undecidedAmong,
} from './verdicts.ts';

/** A candidate with its trials on the rung that is judged. */
export interface Entrant {
  readonly candidate: Candidate;
  readonly trials: readonly ScoredTrial[];
}

export interface StudyJudgeOptions extends MeasureOptions {
  /**
   * Whether a baseline may be recommended: where all functions were given. A search recommends its own
   * proposals, and its baselines are there to compare with.
   */
  readonly recommendsBaselines?: boolean;
}

/** Judges the functions of one rung of a study by their blocks. */
export class StudyJudge {
  readonly #keys: readonly TrialKey[];
  readonly #judging: JudgeOptions;
  readonly #options: StudyJudgeOptions;

  /** `keys` are the blocks of the rung. */
  constructor(keys: readonly TrialKey[], judging: JudgeOptions, options: StudyJudgeOptions) {
    this.#keys = keys;
    this.#judging = judging;
    this.#options = options;
  }

  /** The verdicts on all of them; ReLU must be among them. */
  judge(entrants: readonly Entrant[]): StudyVerdicts {
    const { competitors, relu } = this.#competitors(entrants);
    const { fewestBlocks } = this.#judging;
    const share = optionsOfOne(competitors, this.#judging);
    const enough = competitors.some((one) => one !== relu && one.blocks.size >= fewestBlocks);
    const verdicts = enough
      ? judgeAll(competitors, relu, this.#judging).map((one) => candidateVerdict(one, one.group))
      : competitors.map((one) =>
          candidateVerdict({ ...against(one, relu, share), recommended: false }, null),
        );
    return { verdicts, ...this.#agreement(competitors) };
  }

  /** Ids of the functions for which another block may decide something. */
  undecided(entrants: readonly Entrant[]): ReadonlySet<number> {
    const { competitors, relu } = this.#competitors(entrants);
    return undecidedAmong(competitors, relu, this.#judging);
  }

  #competitors(entrants: readonly Entrant[]) {
    const place = entrants.findIndex(({ candidate }) => candidate.number === -1);
    const reference = entrants[place]?.trials ?? [];
    const competitors = entrants.map(({ candidate, trials }) => ({
      ...blocksOf(candidate, trials, reference, this.#keys, this.#options),
      eligible: this.#options.recommendsBaselines || candidate.kind === 'proposed',
    }));
    const relu = competitors[place];
    if (!relu) throw new Error('functions are judged against ReLU');
    return { competitors, relu };
  }

  /** What the functions that failed nowhere say on the blocks that all of them have. */
  #agreement(competitors: readonly Competitor[]): Pick<StudyVerdicts, 'concordance' | 'seedCorrelation'> {
    const whole = competitors.filter(({ blocks }) => ![...blocks.values()].includes(null));
    const children = [...new Set(this.#keys.map(({ child }) => child))];
    const byChild = children.map((child) => {
      const common = this.#keys.flatMap((key, block) =>
        key.child === child && whole.every(({ blocks }) => blocks.has(block)) ? [block] : [],
      );
      return whole.map(({ blocks }) => common.map((block) => blocks.get(block) as number));
    });
    const means = byChild.map((functions) => functions.map(mean));
    return {
      concordance: children.length > 1 ? finiteOrNull(kendallW(means)) : null,
      seedCorrelation: finiteOrNull(mean(byChild.map(pairedShare))),
    };
  }
}

function candidateVerdict(
  { id, verdict, advantage, blocks, failed, recommended }: Omit<Judged, 'group'>,
  group: number | null,
): CandidateVerdict {
  return {
    candidateId: id,
    verdict,
    group,
    blocks,
    failedBlocks: failed,
    lead: finiteOrNull(advantage.mean),
    leadLow: finiteOrNull(advantage.low),
    leadHigh: finiteOrNull(advantage.high),
    recommended,
  };
}
