import { Command } from 'commander';
import { readFormulaOfX } from '../../catalog/formula-of-x.ts';
import { print } from '../../expression/notation.ts';
import { knownFacts } from '../../report/formula-facts.ts';
import { printJson, printLine } from '../output.ts';

/** `recognize FORMULA`. */
export function recognizeCommand(): Command {
  return new Command('recognize')
    .description(
      'Says which known activation function a formula is: the same, mirrored, scaled, or with another parameter.',
    )
    .argument('<formula>', 'in our notation, or as in PyTorch, NumPy, JAX, TensorFlow, Keras or SymPy')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
The known functions, their sources and years are in catalog/activations.yaml.

Examples:
  npx activation-search recognize "x/(1 + exp(-x))"
  npx activation-search recognize "torch.sigmoid(x) * x"
  npx activation-search recognize "torch.where(x > 0, x, 0.1*x)"`,
    )
    .action(run);
}

function run(text: string, { json }: { readonly json?: boolean }): void {
  const expression = readFormulaOfX(text);
  const formula = print(expression);
  const known = knownFacts(expression);
  if (json) {
    printJson({ formula, known });
    return;
  }
  printLine(formula);
  if (!known) {
    printLine(
      'No function of the catalog: neither the same, nor mirrored or scaled, nor with another parameter.',
    );
    return;
  }
  printLine(known.match);
  if (known.kind !== 'equal') printLine(`f is ${known.name}: ${known.formula}`);
  printLine(`${known.source}, ${known.year}`);
}
