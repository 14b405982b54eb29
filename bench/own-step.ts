// own-step.js TASK FUNCTION BACKEND STEPS WARM_UP: milliseconds of processor time of each training step, as a
// JSON array.

import type { ActivationBackend } from '../src/activation/activation.ts';
import { compileActivation } from '../src/activation/compile.ts';
import { parse } from '../src/expression/notation.ts';
import { createNetwork } from '../src/network/network.ts';
import {
  type FunctionName,
  functions,
  randomBatch,
  rates,
  type TaskName,
  tasks,
  timeSteps,
} from './tasks.ts';

const [task, name, backend, steps, warmUp] = process.argv.slice(2) as [
  TaskName,
  FunctionName,
  ActivationBackend,
  string,
  string,
];
const network = createNetwork(tasks[task], compileActivation(parse(functions[name]), backend), 1);
const { images, labels } = randomBatch(tasks[task]);
const step = () => network.trainStep(images, labels, rates[task]);
const times = timeSteps(step, Number(steps), Number(warmUp));
process.stdout.write(`${JSON.stringify(times)}\n`);
