import { parse } from '../expression/notation.ts';
import { repeatSettings } from '../search/repeat-settings.ts';
import { storedConfig } from '../search/study-config.ts';
import type { LeaderboardRow, Store, StudyRecord } from '../storage/store.ts';
import type { Candidate } from '../study/candidate.ts';
import { findings, type TestedClaim } from './findings.ts';
import { type CardFacts, cardFacts } from './function-card.ts';
import { equalForms, likelyLineages, type Relative } from './lineage.ts';
import type { Plot, StudyOptions } from './plots/plot.ts';
import { plots } from './plots/plots.ts';
import { type StatusCount, statusCounts } from './study-counts.ts';
import { testSplitLines } from './test-split-text.ts';
import { verdictLines, verdictSentences } from './verdict-text.ts';
import { WholeStudy } from './whole-study.ts';

/** All that a report says about a study, as data. */
export interface StudyReport {
  readonly study: StudyRecord;
  readonly proposed: number;
  /** Proposals by status; they add up to `proposed`. */
  readonly counts: readonly StatusCount[];
  readonly trials: TrialTotals;
  /** The first of the ranking, and how many functions it ranks. */
  readonly leaders: readonly LeaderboardRow[];
  readonly ranked: number;
  /** What is recommended and why, a sentence each; none where nothing was judged. */
  readonly verdicts: readonly string[];
  readonly cards: readonly Card[];
  readonly findings: readonly TestedClaim[];
  readonly plots: readonly Plot[];
  /** A settings file that repeats a search; null for given functions and configurations of other versions. */
  readonly settings: string | null;
  /** Facts of the machines that trained it. */
  readonly arithmetic: readonly string[];
}

export interface TrialTotals {
  readonly count: number;
  readonly seconds: number;
}

/** One of the best functions. */
export interface Card {
  readonly row: LeaderboardRow;
  readonly facts: CardFacts;
  /** What the verdicts say of it. */
  readonly verdict: readonly (readonly [what: string, text: string])[];
  /** What the test split says of it, where it was evaluated on that. */
  readonly tested: readonly (readonly [what: string, text: string])[];
  readonly equalForms: readonly string[];
  readonly lineage: readonly Relative[];
  /** Nanoseconds an element on this machine; null if that was not measured. */
  readonly nanoseconds: number | null;
}

const mostLeaders = 100;
const mostCards = 10;

/** Reads and computes all that a report says. A study without any candidate has a report too. */
export function studyReport(
  store: Store,
  study: StudyRecord,
  { nanoseconds }: StudyOptions = {},
): StudyReport {
  const whole = new WholeStudy(store, study);
  const { candidates, proposed, board } = whole;
  const ranked = board.filter(({ rank }) => rank !== null);
  const trials = trialTotals(store, study);
  const lineageOf = likelyLineages(candidates);
  const card = (row: LeaderboardRow): Card => {
    const candidate = candidates.find(({ id }) => id === row.id) as Candidate;
    const expression = parse(row.expression);
    return {
      row,
      facts: cardFacts(expression),
      verdict: verdictLines(row, board),
      tested: testSplitLines(store.trialsOf(row.id), store.testResultsOf(row.id)),
      equalForms: equalForms(store, candidate),
      lineage: lineageOf(candidate),
      nanoseconds: nanoseconds?.(expression) ?? null,
    };
  };
  return {
    study,
    proposed: proposed.length,
    counts: statusCounts(proposed),
    trials,
    leaders: ranked.slice(0, mostLeaders),
    ranked: ranked.length,
    verdicts: verdictSentences(board, study),
    cards: ranked.slice(0, mostCards).map(card),
    findings: findings(candidates),
    plots: plotsOf(whole, {
      ranked: ranked.length > 0,
      scored: proposed.some(({ score }) => score !== null),
      trained: trials.count > 0,
    }),
    settings: whole.space ? settingsOf(study) : null,
    arithmetic: arithmeticOf(store, study),
  };
}

/** The plots that there are numbers for. */
function plotsOf(
  whole: WholeStudy,
  {
    ranked,
    scored,
    trained,
  }: { readonly ranked: boolean; readonly scored: boolean; readonly trained: boolean },
): readonly Plot[] {
  const { progress, ranks, pareto, primitives, ladder } = plots;
  const shown = [
    ...(scored ? [progress] : []),
    ...(ranked ? [ranks, pareto] : []),
    ...(scored && whole.space ? [primitives] : []),
    ...(trained ? [ladder] : []),
  ];
  return shown.map((kind) => kind.make(whole, {}));
}

function trialTotals(store: Store, study: StudyRecord): TrialTotals {
  const { rows } = store.query('SELECT count(*), total(seconds) FROM trials WHERE study = ?', [study.name]);
  const [[count, seconds] = [0, 0]] = [...rows];
  return { count: Number(count), seconds: Number(seconds) };
}

function settingsOf(study: StudyRecord): string | null {
  try {
    return repeatSettings(study.name, storedConfig(study));
  } catch {
    return null;
  }
}

function arithmeticOf(store: Store, study: StudyRecord): readonly string[] {
  const { rows } = store.query(
    'SELECT DISTINCT arithmetic FROM trials WHERE study = ? AND arithmetic IS NOT NULL',
    [study.name],
  );
  return [...rows].map(([facts]) => String(facts));
}
