import { type ScoreOptions, score } from '../ranking/score.ts';
import { StudyJudge } from '../ranking/study-verdicts.ts';
import { type JudgeOptions, usualJudge } from '../ranking/verdicts.ts';
import type { Store, StudyRecord } from '../storage/store.ts';
import { Ladder, seedsOfRace } from '../study/ladder.ts';
import { Classifier } from './classify.ts';
import { storedLedger } from './machine/ledger.ts';
import type { News } from './machine/parts.ts';
import { StudyMachine } from './machine/study-machine.ts';
import { isOfGivenFunctions, type StudyPlan } from './study-plan.ts';

/** A stored study, and how it is to go on. */
export interface StoredStudy {
  readonly store: Store;
  /** Held by this process. */
  readonly study: StudyRecord;
  readonly plan: StudyPlan;
  readonly scoring: ScoreOptions;
}

/** The machine of a study as it is stored; `seconds` is its running time, over all sittings. */
export function restoreMachine(
  { store, study, plan, scoring }: StoredStudy,
  seconds: () => number,
  onNews: (news: News) => void,
): StudyMachine {
  const { config, controller, space, target } = plan;
  const candidates = store.candidatesOf(study.id);
  const classifier = new Classifier(target, candidates, config.reflections);
  const ladder = new Ladder(config.rungs);
  return new StudyMachine({
    ledger: storedLedger(store, study, seconds),
    ladder,
    controller: controller.restore(space, study.controllerState),
    judge: (number, tokens) => classifier.classify(number, tokens, plan.expressionOf(tokens)),
    scoring: (trials, relu) => score(trials, relu, scoring),
    judging: (blocks) =>
      new StudyJudge(blocks, judgeOptions(ladder), {
        ...scoring,
        recommendsBaselines: isOfGivenFunctions(study),
      }),
    rules: {
      learns: controller.learns,
      overlaps: controller.overlaps ?? false,
      batch: config.batch,
      candidates: config.candidates,
      stopAtTarget: config.stopAtTarget,
    },
    candidates,
    completedBatch: study.completedBatch,
    onNews,
  });
}

/** How a study's functions are judged: as its race says, whose rounds are planned, or in the usual way. */
function judgeOptions(ladder: Ladder): JudgeOptions {
  const { race } = ladder;
  if (race === null) return usualJudge;
  const { level, margin, blocks: fewestBlocks } = race;
  const { first, most } = seedsOfRace(race, ladder.rung(ladder.height).children.length);
  return { level, margin, fewestBlocks, looks: most - first + 1 };
}
