import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectRoot } from '../src/paths.ts';
import { alternate, type Side, summary } from './harness.ts';
import { writeSection } from './results.ts';

const goal = 0.4;
const rounds = 5;
const candidates = 2500;
const peerTrials = 60;

const sides: Side[] = [
  {
    name: 'activation-search',
    command: [
      process.execPath,
      fileURLToPath(new URL('./overhead-study.js', import.meta.url)),
      String(candidates),
    ],
  },
];
const python = process.env.ACTIVATION_SEARCH_TORCH_PYTHON;
if (python) {
  const script = join(projectRoot, 'bench', 'overhead-optuna.py');
  sides.push({ name: 'Optuna with SQLite', command: [python, script, String(peerTrials)] });
}
const [ours, ...peers] = alternate(sides, rounds);
// A process prints one value for each of these.
const kinds = ['', ', processor time', ', processor time, first 1000', ', processor time, after these'];
const own = kinds.map((kind, place) => {
  const values = ours?.values.filter((_, index) => index % kinds.length === place) ?? [];
  return summary(`${ours?.name}${kind}`, values);
});
const least = own[0]?.min ?? Number.NaN;

writeSection({
  name: 'overhead',
  title: "The runner's own cost a trial",
  text:
    `Milliseconds a trial, by the clock unless it says otherwise, of a study whose trials take no time: a proposal of the paper's space judged (refused, known or new), its trial, ` +
    `curve and score stored, all on disk before anyone is told. ${candidates} candidates (Optuna: ${peerTrials}, random sampling), ${rounds} rounds on one core, alternated.`,
  columns: ['runner', 'min', 'median', 'max'],
  rows: [...own, ...peers].map(({ name, min, median, max }) => [
    name,
    ...[min, median, max].map((value) => value.toFixed(value < 10 ? 3 : 1)),
  ]),
  verdicts: [
    `Goal: at most ${goal} ms; ${least <= goal ? 'reached' : 'missed'}.`,
    ...(python ? [] : ['Optuna was not measured: ACTIVATION_SEARCH_TORCH_PYTHON names no Python.']),
  ],
});
if (!(least <= goal)) process.exitCode = 1;
