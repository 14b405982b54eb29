import { ActivationSearchError } from '../errors.ts';
import type { Expression } from '../expression/expression.ts';
import { print } from '../expression/notation.ts';
import { representatives } from '../expression/reflection.ts';
import { Classifier } from '../search/classify.ts';
import type { StudyConfig } from '../search/study-config.ts';
import type { Tokens } from '../search-space/search-space.ts';
import { enumerateTokens, type SearchSpace, tokensToExpression } from '../search-space/search-space.ts';
import type { ScoreTable } from './score-table.ts';

/**
 * What becomes of a proposal whose function the table lacks. error: the replay is refused; failed: it counts
 * as trained and failed; refused: it counts as refused before training, so that only functions of the table
 * are searched.
 */
export const missingRules = ['error', 'failed', 'refused'] as const;
export type MissingRule = (typeof missingRules)[number];

/** A function that can be trained. */
export interface ScoredFunction {
  readonly formula: string;
  /** Null where training failed, and where the table lacks it. */
  readonly score: number | null;
  readonly inTable: boolean;
  /** Whether it is the function looked for, or equals it once all parameters are 1. */
  readonly isTarget: boolean;
}

/** Spaces of at most this many token sequences are judged whole, before any replay. */
const mostJudged = 100_000;

/** Marks a refused sequence; every other sequence maps to its function's number. */
const refused = -1;

/**
 * A search space with a score for each function. Proposals are judged as a study judges them, by the same
 * code: refused, or one of the functions. Each sequence is judged once, whatever the number of replays.
 */
export class ScoredSpace {
  readonly space: SearchSpace;
  readonly table: ScoreTable;
  readonly #missing: MissingRule;
  readonly #reflections: StudyConfig['reflections'];
  readonly #classifier: Classifier;
  readonly #functions: ScoredFunction[] = [];
  readonly #judged = new Map<string, number>();
  /** Functions of the space met so far, without refused ones. */
  readonly #met = new Set<number>();

  /**
   * Refuses a table with one function in two rows, and, unless they may be missing, functions that the table
   * lacks.
   */
  constructor(
    space: SearchSpace,
    table: ScoreTable,
    {
      target,
      missing = 'error',
      reflections = 'each',
    }: {
      readonly target?: Expression;
      readonly missing?: MissingRule;
      readonly reflections?: StudyConfig['reflections'];
    } = {},
  ) {
    this.space = space;
    this.table = table;
    this.#missing = missing;
    this.#classifier = new Classifier(target, [], reflections);
    this.#reflections = reflections;
    for (const row of table.rows) this.#addRow(row);
    if (this.#functions.length === 0) {
      throw new ActivationSearchError(
        'config',
        `${table.source}: a search would train none of its functions.`,
        {
          hint: 'All are constant, affine, too steep, too flat or not finite.',
        },
      );
    }
    if (space.size > mostJudged) return;
    for (const tokens of enumerateTokens(space)) this.#functionOf(tokens);
    this.#refuseMissing();
  }

  /**
   * Functions by their numbers: all of the table, and those of the space that were met and are not in the
   * table.
   */
  get functions(): readonly ScoredFunction[] {
    return this.#functions;
  }

  /** Whether every token sequence was judged at once; large spaces are judged as proposals come. */
  get judgedWhole(): boolean {
    return this.space.size <= mostJudged;
  }

  /**
   * Functions that a search of the space can train: all if the space was judged whole, else those of the
   * table.
   */
  get reachable(): readonly ScoredFunction[] {
    if (!this.judgedWhole) return this.#functions.filter(({ inTable }) => inTable);
    const { known, missing } = this.coverage;
    return this.#missing === 'failed' ? [...known, ...missing] : known;
  }

  /**
   * Functions of the space that were met (all if it was judged whole): those that the table has, and those it
   * lacks.
   */
  get coverage(): { readonly known: readonly ScoredFunction[]; readonly missing: readonly ScoredFunction[] } {
    const met = [...this.#met].map((id) => this.#functions[id] as ScoredFunction);
    return { known: met.filter(({ inTable }) => inTable), missing: met.filter(({ inTable }) => !inTable) };
  }

  /** The number of the function that a proposal stands for; undefined where it is refused. */
  judge(tokens: Tokens): number | undefined {
    const id = this.#functionOf(tokens);
    if (id === refused) return undefined;
    if (this.#missing === 'failed' || (this.#functions[id] as ScoredFunction).inTable) return id;
    if (this.#missing === 'error') this.#refuseMissing();
    return undefined;
  }

  #functionOf(tokens: Tokens): number {
    const key = tokens.join();
    const known = this.#judged.get(key);
    if (known !== undefined) return known;
    const id = this.#classify(tokens);
    this.#judged.set(key, id);
    return id;
  }

  #classify(tokens: Tokens): number {
    const id = this.#functions.length;
    const { status, owner, expression, target } = this.#classifier.classify(
      id,
      tokens,
      representatives[this.#reflections](tokensToExpression(this.space, tokens)),
    );
    if (status === 'refused') return refused;
    if (status === 'waiting') {
      this.#functions.push({
        formula: expression,
        score: null,
        inTable: false,
        isTarget: target !== null,
      });
    }
    const found = owner ?? id;
    this.#met.add(found);
    return found;
  }

  #addRow({ expression, score, place }: ScoreTable['rows'][number]): void {
    const id = this.#functions.length;
    const { status, owner, expression: formula, target } = this.#classifier.classify(id, [], expression);
    if (owner !== null) {
      const { formula: other } = this.#functions[owner] as ScoredFunction;
      throw new ActivationSearchError(
        'config',
        `${print(expression)} is the same function as ${other} of an earlier row.`,
        { ...(place ? { place } : {}), hint: 'A table has one row for each function: remove one of them.' },
      );
    }
    if (status === 'refused') return;
    this.#functions.push({ formula, score, inTable: true, isTarget: target !== null });
  }

  #refuseMissing(): void {
    const { known, missing } = this.coverage;
    const { name } = this.space;
    const total = known.length + missing.length;
    if (known.length === 0 && this.judgedWhole) {
      throw new ActivationSearchError(
        'config',
        `${this.table.source} has none of the ${total} functions of the space "${name}".`,
        { hint: 'Name the space that the table was made on: --space NAME|FILE' },
      );
    }
    if (missing.length === 0 || this.#missing !== 'error') return;
    const examples = missing.slice(0, 3).map(({ formula }) => formula);
    throw new ActivationSearchError(
      'config',
      `${this.table.source} has ${known.length} of the ${total} functions of the space "${name}"${this.judgedWhole ? '' : ' met so far'}; it lacks ${examples.join(', ')}${missing.length > 3 ? ', …' : ''}.`,
      {
        hint: 'Search the functions of the table only: --missing refused. Or count the others as failed trainings: --missing failed.',
      },
    );
  }
}
