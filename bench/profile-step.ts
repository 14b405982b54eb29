// profile-step.js TASK FUNCTION BACKEND STEPS: where the time of a training step goes, as a JSON array of
// [name, milliseconds a step]: each operation of TensorFlow with what the binding around it takes, then the
// rest.
import type { ActivationBackend } from '../src/activation/activation.ts';
import { compileActivation } from '../src/activation/compile.ts';
import { parse } from '../src/expression/notation.ts';
import { createNetwork } from '../src/network/network.ts';
import { timeOperations } from '../src/tensorflow.ts';
import { type FunctionName, functions, randomBatch, rates, type TaskName, tasks } from './tasks.ts';

const [task, name, backend, count] = process.argv.slice(2) as [
  TaskName,
  FunctionName,
  ActivationBackend,
  string,
];
const network = createNetwork(tasks[task], compileActivation(parse(functions[name]), backend), 1);
const { images, labels } = randomBatch(tasks[task]);
const step = () => network.trainStep(images, labels, rates[task]);
for (let index = 0; index < 3; index++) step();

const steps = Number(count);
const started = performance.now();
const spent = timeOperations(() => {
  for (let index = 0; index < steps; index++) step();
});
const total = performance.now() - started;
const operations = [...spent].map(([operation, time]): [string, number] => [operation, time / steps]);
const inOperations = operations.reduce((sum, [, time]) => sum + time, 0);
const rest: [string, number] = ['JavaScript and transfers', total / steps - inOperations];
const shares = [...operations, rest].sort(([, a], [, b]) => b - a);
process.stdout.write(`${JSON.stringify(shares)}\n`);
