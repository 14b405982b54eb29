import { chooseBackend } from '../src/activation/usual-backend.ts';
import { shippedRecipe } from '../src/children/load.ts';
import { fetchDataset } from '../src/datasets/datasets.ts';
import { silentLogger } from '../src/logger.ts';
import { tensorflowVersion } from '../src/tensorflow.ts';
import { WorkerPool } from '../src/trial/pool.ts';
import type { TrialOutcome } from '../src/trial/protocol.ts';
import { writeSection } from './results.ts';

const functions = { ReLU: 'max(x, 0)', Swish: 'x*sigmoid(beta*x)' };
const budgets = { 'mlp20-mnist': 400, 'resnet8-cifar10': 300 };
const backends = [...new Set([chooseBackend(undefined), 'composed' as const])];
const rounds = 2;

const pool = new WorkerPool({ workers: 1, logger: silentLogger });
const rows: string[][] = [];
for (const [name, steps] of Object.entries(budgets)) {
  const recipe = shippedRecipe(name);
  await fetchDataset(recipe.dataset);
  for (const activation of backends) {
    for (const [title, expression] of Object.entries(functions)) {
      const outcomes: TrialOutcome[] = [];
      for (let id = 0; id < rounds; id++) {
        const request = { id, expression, child: name, recipe, seed: 1, steps, activation, timeLimit: 600 };
        outcomes.push(await pool.run({ ...request, precision: 'float32' }));
      }
      const [outcome] = outcomes;
      if (outcome?.status !== 'complete') throw new Error(`${name} ended as ${outcome?.status}`);
      const { validationAccuracy, validationLoss } = outcome.measures;
      const seconds = Math.min(...outcomes.map((each) => each.seconds));
      rows.push([
        `${name}, ${steps} steps`,
        title,
        activation,
        seconds.toFixed(1),
        `${(100 * (validationAccuracy ?? Number.NaN)).toFixed(2)}%`,
        (validationLoss ?? Number.NaN).toFixed(4),
      ]);
    }
  }
}
await pool.close();

writeSection({
  name: 'trials',
  title: 'Whole trials',
  text: `Training, validation and hashing of one trial in a worker with one thread, seed 1; seconds, the better of ${rounds}.`,
  columns: ['child', 'function', 'activation', 'seconds', 'validation accuracy', 'validation loss'],
  rows,
  versions: { TensorFlow: tensorflowVersion() },
});
