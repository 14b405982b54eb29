import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { readFormula } from '../../catalog/read-formula.ts';
import { ActivationSearchError } from '../../errors.ts';
import { parse } from '../../expression/notation.ts';
import { type FormulaFacts, formulaFacts } from '../../report/formula-facts.ts';
import { type FunctionScore, functionScore, functionScores } from '../../report/function-scores.ts';
import { factLines, scoreLines } from '../../report/function-text.ts';
import { terminal } from '../../report/terminal.ts';
import { Store } from '../../storage/store.ts';
import type { Candidate } from '../../study/candidate.ts';
import { databaseFile } from '../database-option.ts';
import { printJson, printLine } from '../output.ts';

interface ShowOptions {
  readonly study?: string;
  readonly db?: string;
  readonly json?: boolean;
}

interface Shown {
  /** The candidate that was asked for by its id. */
  readonly candidate: Candidate | null;
  readonly facts: FormulaFacts;
  readonly scores: readonly FunctionScore[];
  /** The database that was looked into. */
  readonly database: string | null;
}

/** `show ID|FORMULA`. */
export function showCommand(): Command {
  return new Command('show')
    .description('Shows one function: formula, derivatives, properties, plot, and its scores in all studies.')
    .argument(
      '<id or formula>',
      'a candidate\'s id, as in leaderboard, or a formula such as "x*sigmoid(beta*x)"',
    )
    .option('--study <name>', 'scores of this study only')
    .option('--json', 'print one JSON document')
    .option('--db <file>', 'the database (default: runs/activation-search.db, if it is there)')
    .addHelpText(
      'after',
      `
Examples:
  activation-search show 12
  activation-search show "x*sigmoid(beta*x)"
  activation-search show "-x*sigmoid(-x)"`,
    )
    .action(run);
}

function run(what: string, options: ShowOptions): void {
  const shown = look(what, options);
  if (options.json) printDocument(shown);
  else printText(shown);
}

function look(what: string, options: ShowOptions): Shown {
  const file = databaseFile(options.db);
  const id = /^\d+$/.test(what.trim()) ? Number(what) : undefined;
  const needed = id !== undefined || options.db !== undefined || options.study !== undefined;
  const expression = id === undefined ? readFormula(what) : undefined;
  if (expression && !needed && !existsSync(file)) {
    return { candidate: null, facts: formulaFacts(expression), scores: [], database: null };
  }
  const store = Store.open(file, { readonly: true });
  try {
    if (expression) {
      const scores = functionScores(store, expression, options.study);
      return { candidate: null, facts: formulaFacts(expression), scores, database: file };
    }
    const candidate = store.candidate(id as number);
    if (!candidate) {
      throw new ActivationSearchError('usage', `no candidate ${id} in ${file}.`, {
        hint: 'Ids are in: activation-search leaderboard --json, and activation-search query "SELECT id, expression FROM candidates"',
      });
    }
    if (options.study !== undefined && store.study(options.study).id !== candidate.studyId) {
      throw new ActivationSearchError('usage', `candidate ${id} is not of study "${options.study}".`, {
        hint: 'Leave --study out: ids are unique in the database.',
      });
    }
    const facts = formulaFacts(parse(candidate.expression));
    return { candidate, facts, scores: [functionScore(store, candidate)], database: file };
  } finally {
    store.close();
  }
}

function printDocument({ candidate, facts, scores }: Shown): void {
  const asked = candidate && {
    id: candidate.id,
    number: candidate.kind === 'proposed' ? candidate.number : null,
    status: candidate.status,
    reason: candidate.reason,
    sameAs: candidate.sameAs,
  };
  printJson({ candidate: asked, ...facts, scores });
}

function printText({ candidate, facts, scores, database }: Shown): void {
  const screen = terminal();
  if (candidate) printLine(screen.colors.bold(title(candidate)));
  for (const line of factLines(facts, screen)) printLine(line);
  for (const line of scoreLines(scores, screen)) printLine(line);
  if (scores.length === 0) {
    printLine();
    printLine(database === null ? 'No database yet: no scores.' : `Not trained in any study of ${database}.`);
    if (!facts.refusal)
      printLine(screen.colors.dim(`Train it: activation-search evaluate "${facts.formula}"`));
  }
}

function title(candidate: Candidate): string {
  const { id, kind, name, number, status, sameAs } = candidate;
  const who = kind === 'baseline' ? `baseline ${name}` : `proposal ${number}`;
  const known = sameAs === null ? '' : `, the same function as candidate ${sameAs}`;
  return `candidate ${id}: ${who}, ${status}${known}`;
}
