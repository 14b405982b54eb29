// What chance the quickstart's ladder, and others beside it, give Swish: whole studies, with controller,
// ladder, race and verdicts as they are, whose trainings are drawn from those of the shipped tables.
// LADDER_STUDIES says how many studies each ladder has (100, of about a second).
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mean } from '../src/ranking/comparisons.ts';
import type { TrialRunner } from '../src/search/run-study.ts';
import type { StudyPlan } from '../src/search/study-plan.ts';
import { Store } from '../src/storage/store.ts';
import type { Rung } from '../src/study/ladder.ts';
import { instantStudy } from './instant-study.ts';
import { isSwish, quickstartPlan, swishForm } from './rediscovery-study.ts';
import { writeSection } from './results.ts';
import { simulatedLoss } from './simulated-outcome.ts';
import { SimulatedTrainings } from './simulated-trainings.ts';

const studies = Number(process.env.LADDER_STUDIES ?? 100);
/** No study of the tables has such a seed. */
const firstSeed = 10_001;

/** Changes the rungs of the quickstart: all, the best of them for longer, and the race. */
type Change = (rungs: readonly Rung[]) => Rung[];

const asItIs: Change = (rungs) => [...rungs];
const withParsimony =
  (parsimony: number): Change =>
  (rungs) =>
    rungs.map((rung) => (rung.finalists === null ? rung : { ...rung, parsimony }));
const withRunners =
  (finalists: number): Change =>
  (rungs) =>
    rungs.map((rung) => (rung.race ? { ...rung, finalists } : rung));

/** Verdicts after so many blocks, and after so many if they are not all in. */
const withBlocks =
  (blocks: number, budget: number): Change =>
  (rungs) =>
    rungs.map(({ race, ...rung }) =>
      race
        ? {
            ...rung,
            race: { ...race, blocks, budget },
            seeds: rung.seeds.slice(0, budget / rung.children.length),
          }
        : { ...rung, race },
    );
const withLonger =
  (finalists: number): Change =>
  (rungs) =>
    rungs.map((rung, index) => (index === rungs.length - 2 ? { ...rung, finalists } : rung));

const ladders: readonly { readonly name: string; readonly change: Change; readonly controller?: string }[] = [
  { name: 'as in the quickstart', change: asItIs },
  { name: 'no parsimony', change: withParsimony(0) },
  { name: 'parsimony 0.003', change: withParsimony(0.003) },
  { name: '16 trained for long', change: withLonger(16) },
  { name: 'four in the race', change: withRunners(4) },
  { name: 'eight in the race', change: withRunners(8) },
  { name: 'a race of six blocks', change: withBlocks(5, 6) },
  { name: 'a race of eight blocks, judged once', change: withBlocks(8, 8) },
  { name: 'random proposals', change: asItIs, controller: 'random' },
];

interface Outcome {
  readonly found: boolean;
  readonly inRace: boolean;
  readonly ahead: boolean;
  readonly recommended: boolean;
  /** What its trainings would take, failed ones left out, in seconds of processor time. */
  readonly seconds: number;
}

function planOf(seed: number, change: Change, controller: string | undefined): StudyPlan {
  const plan = quickstartPlan(seed, controller);
  return { ...plan, config: { ...plan.config, rungs: change(plan.config.rungs) } };
}

async function simulate(plan: StudyPlan, store: Store, trainings: SimulatedTrainings): Promise<Outcome> {
  const { config } = plan;
  let seconds = 0;
  const runner: TrialRunner = {
    run: async (request) => {
      const loss = trainings.loss(request.expression, config.seed, request);
      if (loss !== null) seconds += trainings.secondsOf(request);
      return simulatedLoss(request, loss);
    },
  };
  const study = await instantStudy(store, { firstFreeOf: 'simulated' }, plan, runner);
  const height = config.rungs.length;
  const forms = store.leaderboard(study).filter((row) => {
    return row.kind === 'proposed' && isSwish(swishForm(row));
  });
  return {
    found: forms.some(({ rung, score }) => score !== null && (rung ?? 0) >= height - 1),
    inRace: forms.some(({ rung }) => rung === height),
    ahead: forms.some(({ verdict }) => verdict === 'ahead'),
    recommended: forms.some(({ recommended }) => recommended),
    seconds,
  };
}

async function row(
  { name, change, controller }: (typeof ladders)[number],
  trainings: SimulatedTrainings,
): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'activation-search-ladder-'));
  const store = Store.open(join(folder, 'simulated.db'));
  try {
    const outcomes: Outcome[] = [];
    for (let seed = firstSeed; seed < firstSeed + studies; seed++) {
      outcomes.push(await simulate(planOf(seed, change, controller), store, trainings));
    }
    const share = (of: (one: Outcome) => boolean): string =>
      `${((100 * outcomes.filter(of).length) / studies).toFixed(0)}%`;
    return [
      name,
      (mean(outcomes.map(({ seconds }) => seconds)) / 60).toFixed(0),
      share(({ found }) => found),
      share(({ inRace }) => inRace),
      share(({ ahead }) => ahead),
      share(({ recommended }) => recommended),
    ];
  } finally {
    store.close();
    rmSync(folder, { recursive: true });
  }
}

const [first] = planOf(firstSeed, asItIs, undefined).config.rungs[0]?.children ?? [];
if (!first) throw new Error('the quickstart has no rungs');
const trainings = new SimulatedTrainings({ child: first.name, steps: first.steps });
const rows: (readonly string[])[] = [];
for (const ladder of ladders) {
  rows.push(await row(ladder, trainings));
  process.stderr.write(`ladder: ${rows.at(-1)?.join(', ')}\n`);
}
writeSection({
  name: 'ladder',
  title: 'What chance a ladder gives Swish',
  text: [
    `${studies} studies of \`runs/quickstart.yaml\` for each row.`,
    'Controller, ladder, race and verdicts are the real ones; trainings take no time.',
    `A function leads ReLU by its mean lead in the tables of whole studies (${trainings.size} functions).`,
    `The noise of a seed is what was measured there: ${trainings.noiseText}.`,
    'A function that was measured for 200 steps only has the lead that follows from it after 2,400, and a deviation; one that was never trained stands in for one that was.',
    'A form of Swish is x\\*sigmoid(x), x\\*sigmoid(beta\\*x), or what is x\\*sigmoid(x) at initial values.',
    'Processor time: that of trainings that complete, by the median seconds in the tables.',
  ].join(' '),
  columns: [
    'ladder',
    'processor minutes',
    'a form of Swish on the last rung before the race',
    'in the race',
    'certified ahead of ReLU',
    'recommended',
  ],
  rows,
});
