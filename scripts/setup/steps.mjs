import { build } from './build.mjs';
import { commandLink } from './command-link.mjs';
import { dependencies } from './dependencies.mjs';
import { fusedAddon } from './fused-addon.mjs';
import { sqlite } from './sqlite.mjs';
import { tensorflowAddon } from './tensorflow-addon.mjs';
import { tensorflowLibrary } from './tensorflow-library.mjs';

/**
 * All steps of the set-up in their order. To add one: a file beside this one that exports a Step, and
 * its line here. A step that builds one of our native addons against TensorFlow belongs after
 * `tensorflowAddon`: library and headers then lie in node_modules/@tensorflow/tfjs-node/deps.
 * @type {readonly import('./run.mjs').Step[]}
 */
export const steps = [
  dependencies,
  commandLink,
  sqlite,
  tensorflowLibrary,
  tensorflowAddon,
  fusedAddon,
  build,
];
