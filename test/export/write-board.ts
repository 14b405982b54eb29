import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chooseCandidates } from '../../src/report/plots/choose.ts';
import { tensorboardRuns } from '../../src/report/tensorboard.ts';
import { Store } from '../../src/storage/store.ts';
import { fillStudy } from '../storage/samples.ts';

/** write-board.js FOLDER: writes a board of a small study, and what check_tensorboard.py must find in it. */
const [folder = ''] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const store = Store.open(join(folder, 'study.db'));
const study = fillStudy(store, 'board');
const chosen = chooseCandidates(['top:3'], store, study);
for (const { folder: run, content } of tensorboardRuns(store, chosen)) {
  mkdirSync(join(folder, 'runs', run), { recursive: true });
  writeFileSync(join(folder, 'runs', run, 'events.out.tfevents.activation-search'), content);
}
const expected = chosen.map(({ candidate }) => ({
  id: candidate.id,
  expression: candidate.expression,
  score: candidate.score,
  trials: store.trialsOf(candidate.id).map((trial) => ({
    seed: trial.seed,
    accuracy: trial.validationAccuracy,
    loss: trial.validationLoss,
    curve: store.curveOf(trial.id).map(({ step, trainingLoss }) => [step, trainingLoss]),
    learned: store.learnedOf(trial.id),
  })),
}));
writeFileSync(join(folder, 'expected.json'), JSON.stringify(expected));
store.close();
