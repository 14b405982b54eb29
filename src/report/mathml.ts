import temml from 'temml';
import { latexOf } from '../export/latex.ts';
import type { Expression } from '../expression/expression.ts';

/**
 * A formula as MathML, which browsers show without fonts and scripts of ours. Without inline styles: a strict
 * content security policy refuses them, and the one that occurs repeats the attribute `scriptlevel`.
 */
export function mathml(expression: Expression): string {
  return temml
    .renderToString(latexOf(expression), { throwOnError: true })
    .replaceAll(/ style="math-depth:\d+;"/g, '');
}
