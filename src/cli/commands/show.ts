import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { readFormulaOfX } from '../../catalog/formula-of-x.ts';
import { ActivationSearchError } from '../../errors.ts';
import { parse } from '../../expression/notation.ts';
import { type FormulaFacts, formulaFacts } from '../../report/formula-facts.ts';
import { type FunctionScore, functionScore, functionScores } from '../../report/function-scores.ts';
import { factLines, scoreLines } from '../../report/function-text.ts';
import type { Store } from '../../storage/store.ts';
import type { Candidate } from '../../study/candidate.ts';
import { commandText } from '../../terminal/command-text.ts';
import { screenOf } from '../../terminal/screen.ts';
import { printJson, printLine } from '../output.ts';
import { databaseFile, databaseOption, jsonOption, readStore, type StoreFlags } from '../store-access.ts';

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
    .addOption(jsonOption())
    .addOption(databaseOption())
    .addHelpText(
      'after',
      `
Examples:
  npx activation-search show 12
  npx activation-search show "x*sigmoid(beta*x)"
  npx activation-search show "-x*sigmoid(-x)"`,
    )
    .action(show);
}

async function show(what: string, flags: StoreFlags): Promise<void> {
  const shown = await look(what, flags);
  if (flags.json) printDocument(shown);
  else printText(shown);
}

async function look(what: string, flags: StoreFlags): Promise<Shown> {
  if (/^\d+$/.test(what.trim()))
    return readStore(flags, (store) => lookById(store, Number(what), flags.study));
  const expression = readFormulaOfX(what);
  const facts = formulaFacts(expression);
  const database = databaseFile(flags.db);
  const needed = flags.db !== undefined || flags.study !== undefined;
  if (!needed && !existsSync(database)) return { candidate: null, facts, scores: [], database: null };
  return readStore(flags, (store) => {
    const scores = functionScores(store, expression, flags.study);
    return { candidate: null, facts, scores, database };
  });
}

function lookById(store: Store, id: number, study: string | undefined): Shown {
  const candidate = store.candidate(id);
  if (!candidate) {
    const ids = commandText(['query', 'SELECT id, expression FROM candidates'], store.file);
    throw new ActivationSearchError('usage', `no candidate ${id} in ${store.file}.`, {
      hint: `Ids are in the leaderboard, and of all candidates in: ${ids}`,
    });
  }
  if (study !== undefined && store.study(study).id !== candidate.studyId) {
    throw new ActivationSearchError('usage', `candidate ${id} is not of study "${study}".`, {
      hint: 'Leave --study out: ids are unique in the database.',
    });
  }
  const facts = formulaFacts(parse(candidate.expression));
  return { candidate, facts, scores: [functionScore(store, candidate)], database: store.file };
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
  const screen = screenOf();
  if (candidate) printLine(screen.colors.bold(title(candidate)));
  for (const line of factLines(facts, screen)) printLine(line);
  for (const line of scoreLines(scores, screen)) printLine(line);
  if (scores.length === 0) {
    printLine();
    printLine(database === null ? 'No database yet: no scores.' : `Not trained in any study of ${database}.`);
    if (!facts.refusal) {
      const train = commandText(['evaluate', facts.formula], database ?? undefined);
      printLine(screen.colors.dim(`Train it: ${train}`));
    }
  }
}

function title(candidate: Candidate): string {
  const { id, kind, name, number, status, sameAs } = candidate;
  const who = kind === 'baseline' ? `baseline ${name}` : `proposal ${number}`;
  const known = sameAs === null ? '' : `, the same function as candidate ${sameAs}`;
  return `candidate ${id}: ${who}, ${status}${known}`;
}
