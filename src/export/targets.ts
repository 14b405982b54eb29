import { ActivationSearchError } from '../errors.ts';
import { cHeader } from './c.ts';
import { type ExportedFunction, type ExportRequest, exportedFunction } from './exported-function.ts';
import { flaxFile, jaxFile } from './jax.ts';
import { jsonDocument } from './json.ts';
import { kerasFile } from './keras.ts';
import { latexFormula } from './latex.ts';
import { onnxModel } from './onnx.ts';
import { pytorchFile } from './pytorch.ts';
import { sympyFile } from './sympy.ts';
import { tfjsFile } from './tfjs.ts';

interface Target {
  readonly summary: string;
  /** The usual ending of a file's name. */
  readonly ending: string;
  readonly write: (exported: ExportedFunction) => string | Uint8Array;
}

/** All targets. To add one: a file with a row for each operator, and a line here. */
export const targets = {
  pytorch: { summary: 'a function and an nn.Module', ending: '.py', write: pytorchFile },
  jax: { summary: 'a function and one that makes its parameters', ending: '.py', write: jaxFile },
  flax: { summary: 'the JAX function and an nnx.Module', ending: '.py', write: flaxFile },
  keras: { summary: 'a Keras 3 Layer for any backend', ending: '.py', write: kerasFile },
  tfjs: { summary: 'a tfjs-layers Layer in TypeScript', ending: '.ts', write: tfjsFile },
  onnx: { summary: 'a model with one function of its own', ending: '.onnx', write: onnxModel },
  c: { summary: 'a header: value and derivatives in float', ending: '.h', write: cHeader },
  latex: { summary: 'the formula', ending: '.tex', write: latexFormula },
  sympy: { summary: 'the expression and its derivative', ending: '.py', write: sympyFile },
  json: { summary: 'the tree, for programs', ending: '.json', write: jsonDocument },
} as const satisfies Record<string, Target>;

export type TargetName = keyof typeof targets;

export const targetNames = Object.keys(targets) as readonly TargetName[];

/**
 * A function written for a target: a file's text, or its bytes where it is binary. A program may ask for
 * targets that are none: these are refused.
 */
export function exportFunction(request: ExportRequest, target: TargetName): string | Uint8Array {
  if (!targetNames.includes(target)) {
    throw new ActivationSearchError('usage', `unknown target "${target}".`, {
      hint: `The targets are ${targetNames.join(', ')}.`,
    });
  }
  return targets[target].write(exportedFunction(request));
}
