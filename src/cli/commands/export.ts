import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Command } from 'commander';
import { readFormulaOfX } from '../../catalog/formula-of-x.ts';
import { ActivationSearchError, nearestName } from '../../errors.ts';
import type { ExportRequest } from '../../export/exported-function.ts';
import { exportFunction, type TargetName, targetNames, targets } from '../../export/targets.ts';
import {
  candidateRequest,
  formulaRequest,
  topRequests,
  trainedRequest,
} from '../../report/export-requests.ts';
import { isNamedFolder, makeNamedFolder, writeNamedFile } from '../named-file.ts';
import { positiveInteger } from '../options.ts';
import { printLine } from '../output.ts';
import { databaseOption, readStore } from '../store-access.ts';
import { exportTensorboard, tensorboardTarget } from '../tensorboard-export.ts';

const allTargets: readonly string[] = [...targetNames, tensorboardTarget];

interface ExportFlags {
  readonly to: string;
  readonly study?: string;
  readonly db?: string;
  readonly out?: string;
  readonly force?: boolean;
  readonly name?: string;
  readonly trained?: number;
}

/** `export FORMULA|ID|top:N --to TARGET`. */
export function exportCommand(): Command {
  return new Command('export')
    .description('Writes a function as code for a framework: stable forms, right gradients, no dependency.')
    .argument(
      '<formula, id or top:n>',
      "a formula, a candidate's id, or top:3 for the first three of a study's ranking",
    )
    .requiredOption('--to <target>', allTargets.join(', '))
    .option('--study <name>', 'the study that scores are from; needed with top:n')
    .addOption(databaseOption())
    .option(
      '--out <file>',
      'write this file, or into this folder; several functions and tensorboard need a folder (default: standard output)',
    )
    .option('--force', 'overwrite files that exist')
    .option(
      '--name <name>',
      'name of the class, such as Swish (default: the known name, or one of the formula)',
    )
    .option(
      '--trained <trial>',
      'start parameters from the values learned in this trial, as in trial list',
      positiveInteger(Number.MAX_SAFE_INTEGER),
    )
    .addHelpText(
      'after',
      `
Targets:
${targetNames.map((name) => `  ${name.padEnd(8)} ${targets[name].summary}`).join('\n')}
  ${tensorboardTarget} event files of stored trials: curves, scores, parameters as histograms, formulas

Examples:
  npx activation-search export "x*sigmoid(beta*x)" --to pytorch --out swish.py
  npx activation-search export 12 --to onnx --out find.onnx
  npx activation-search export top:3 --study quickstart --to keras --out finds
  npx activation-search export 12 --to jax --trained 40
  npx activation-search export top:10 --study quickstart --to tensorboard --out board`,
    )
    .action(run);
}

async function run(what: string, flags: ExportFlags): Promise<void> {
  if (flags.to === tensorboardTarget) return exportTensorboard(what, flags);
  const target = targetOf(flags.to);
  checkName(flags.name);
  const top = /^top:(.*)$/.exec(what.trim());
  const chosen = top ? await topOf(top[1] as string, flags) : [await requestOf(what, flags)];
  const requests = named(chosen, flags.name);
  const files = requests.map((request) => ({ request, content: exportFunction(request, target) }));
  const { ending } = targets[target];
  if (flags.out === undefined) {
    if (files.length > 1) {
      throw new ActivationSearchError('usage', `${what} is several files.`, {
        hint: 'Name a folder for them with --out FOLDER.',
      });
    }
    print(files[0]?.content ?? '', target);
    return;
  }
  const out = resolve(flags.out);
  const isFolder = files.length > 1 || isNamedFolder(out);
  const placed = files.map(({ request, content }) => ({
    content,
    path: isFolder ? join(out, `${request.name.toLowerCase()}${ending}`) : out,
  }));
  refuseExisting(
    placed.map(({ path }) => path),
    flags.force === true,
  );
  for (const { path, content } of placed) {
    makeNamedFolder(dirname(path));
    writeNamedFile(path, content);
    printLine(path);
  }
}

function targetOf(given: string): TargetName {
  const target = targetNames.find((name) => name === given);
  if (target !== undefined) return target;
  const near =
    nearestName(given, allTargets) ?? allTargets.find((name) => name.includes(given.toLowerCase()));
  throw new ActivationSearchError(
    'usage',
    `unknown target "${given}": the targets are ${allTargets.join(', ')}.`,
    { hint: near === undefined ? 'See: npx activation-search export --help' : `Did you mean "${near}"?` },
  );
}

function checkName(name: string | undefined): void {
  if (name === undefined || /^[A-Za-z][A-Za-z0-9]{0,63}$/.test(name)) return;
  throw new ActivationSearchError('usage', `"${name}" cannot name a class.`, {
    hint: 'Give a letter followed by letters and digits, such as Swish.',
  });
}

async function topOf(given: string, flags: ExportFlags): Promise<readonly ExportRequest[]> {
  const { study, trained } = flags;
  const count = /^\d{1,6}$/.test(given) ? Number(given) : 0;
  if (count === 0) {
    throw new ActivationSearchError('usage', `top:${given} is no number of functions.`, {
      hint: 'Write top:3 for the first three of the ranking.',
    });
  }
  if (study === undefined) {
    throw new ActivationSearchError('usage', `top:${given} needs a study.`, {
      hint: 'Name it with --study NAME; see: npx activation-search leaderboard',
    });
  }
  if (trained !== undefined) {
    throw new ActivationSearchError('usage', '--trained is for one function.', {
      hint: 'Export each by its id, with a trial of its own.',
    });
  }
  return readStore(flags, (store) => topRequests(store, study, count, today()));
}

async function requestOf(what: string, flags: ExportFlags): Promise<ExportRequest> {
  const { study, db, trained } = flags;
  const id = /^\d+$/.test(what.trim()) ? Number(what) : undefined;
  const expression = id === undefined ? readFormulaOfX(what) : undefined;
  if (expression && study === undefined && trained === undefined && db === undefined) {
    return formulaRequest(expression, today());
  }
  return readStore(flags, (store) => {
    const request = expression
      ? formulaRequest(expression, today(), store, study)
      : candidateRequest(store, id as number, study, today());
    return trained === undefined ? request : trainedRequest(store, request, trained);
  });
}

/** One name given by hand, or the functions' own, with a number where two are alike. */
function named(requests: readonly ExportRequest[], given: string | undefined): readonly ExportRequest[] {
  const taken = new Set<string>();
  return requests.map((request) => {
    const base = given === undefined ? request.name : `${given[0]?.toUpperCase()}${given.slice(1)}`;
    let name = base;
    for (let count = 2; taken.has(name.toLowerCase()); count++) name = `${base}N${count}`;
    taken.add(name.toLowerCase());
    return { ...request, name };
  });
}

function refuseExisting(paths: readonly string[], force: boolean): void {
  const existing = paths.find((path) => existsSync(path));
  if (existing === undefined || force) return;
  throw new ActivationSearchError('usage', `${existing} exists and is kept.`, {
    hint: 'Choose another name, or overwrite it with --force.',
  });
}

function print(content: string | Uint8Array, target: TargetName): void {
  if (typeof content !== 'string' && process.stdout.isTTY) {
    throw new ActivationSearchError('usage', `${target} is a binary file.`, {
      hint: `Name one: --out function${targets[target].ending}`,
    });
  }
  process.stdout.write(content);
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}
