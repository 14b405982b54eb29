/**
 * @module What activation-search offers to programs. Expressions and search spaces need nothing native;
 * `activationLayer` and `registerActivationLayer` load TensorFlow when they are first called, and
 * `leaderboard` SQLite.
 */

export {
  type ActivationLayerOptions,
  activationLayer,
  registerActivationLayer,
} from './activation/activation-layer.ts';
export { ActivationSearchError } from './errors.ts';
export { derivative } from './expression/derive.ts';
export { evaluate, type Values } from './expression/evaluate.ts';
export type { Expression } from './expression/expression.ts';
export { fingerprint, sameFunction } from './expression/fingerprint.ts';
export { parse, print } from './expression/notation.ts';
export { refuse } from './expression/refusal.ts';
export { simplify } from './expression/simplify.ts';
export type { AskedTrial, TrialResult } from './library/asked-trial.ts';
export { type LeaderboardOptions, leaderboard } from './library/leaderboard.ts';
export { OpenStudy, openStudy } from './library/study.ts';
export type { OpenStudyOptions } from './library/study-options.ts';
export { loadSearchSpace, type SearchSpace, tokensToExpression } from './search-space/search-space.ts';
export type {
  ChildFunction,
  ModuleExamples,
  ModuleModel,
  ModuleOutcome,
  ModuleTrial,
} from './trial/module-training.ts';
