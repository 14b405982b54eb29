import type { Database } from 'better-sqlite3';
import type { Candidate } from '../study/candidate.ts';
import { type CandidateStatus, trialStatuses, untrainedStatuses } from '../study/statuses.ts';
import type { RawRow } from './columns.ts';
import { candidateColumns } from './tables.ts';

/**
 * How a page orders candidates; each order has an index. In the order of ranks, those without a rank come
 * last, by status and reason; in the other two, other statuses than the one asked for are read and left out.
 */
export const pageOrders = ['rank', 'newest', 'simplest'] as const;
export type PageOrder = (typeof pageOrders)[number];

export interface PageRequest {
  readonly order: PageOrder;
  /** Only those of that status. */
  readonly status?: CandidateStatus;
  /** Begins behind the candidate with that id. */
  readonly after?: number;
  readonly count: number;
  /** Which candidates the page shows. */
  readonly accepts: (candidate: Candidate) => boolean;
}

export interface CandidatePage {
  /** With their places in the order, from 1 for the first behind `after`. */
  readonly rows: readonly { readonly place: number; readonly candidate: Candidate }[];
  /** The id behind which the next page begins; null at the end. */
  readonly next: number | null;
  /** Candidates that were looked at. */
  readonly examined: number;
}

/** A page looks at no more candidates than this, so that a filter that hardly any pass takes no long time. */
const mostExamined = 1000;

interface Walk {
  /** What orders the candidates, down to one column that is unique; `-` before those that fall. */
  readonly columns: readonly string[];
  readonly where: string;
}

const walks = {
  rank: {
    columns: ['-rung', '-score', 'versus_relu', 'complexity', 'id'],
    where: "status = 'complete'",
  },
  newest: { columns: ['-number'], where: 'true' },
  simplest: { columns: ['complexity', 'id'], where: 'true' },
  reason: { columns: ['reason_code', 'rung', 'id'], where: 'status = @status' },
} as const satisfies Record<string, Walk>;

/** One page of a study's candidates, read from where the last one ended. */
export function candidatePage(db: Database, studyId: number, request: PageRequest): CandidatePage {
  const { status, count, accepts } = request;
  const rows: { place: number; candidate: Candidate }[] = [];
  let [examined, last] = [0, 0];
  for (const row of inOrder(db, studyId, request)) {
    if (rows.length === count || examined === mostExamined) return { rows, next: last, examined };
    examined += 1;
    const candidate = candidateColumns.record(row);
    last = candidate.id;
    if (accepts(candidate) && (status === undefined || candidate.status === status)) {
      rows.push({ place: examined, candidate });
    }
  }
  return { rows, next: null, examined };
}

const everyStatus: readonly CandidateStatus[] = [...trialStatuses, ...untrainedStatuses];

function* inOrder(db: Database, studyId: number, request: PageRequest): Generator<RawRow> {
  const { order, status, after } = request;
  if (order !== 'rank') {
    yield* walked(db, walks[order], { studyId }, after);
    return;
  }
  const all = status === undefined ? everyStatus : [status];
  const first = after === undefined ? 0 : Math.max(0, all.indexOf(statusOf(db, after)));
  for (const [index, one] of all.slice(first).entries()) {
    const walk = one === 'complete' ? walks.rank : walks.reason;
    yield* walked(db, walk, { studyId, status: one }, index === 0 ? after : undefined);
  }
}

function statusOf(db: Database, id: number): CandidateStatus {
  return db.prepare('SELECT status FROM candidate WHERE id = ?').pluck().get(id) as CandidateStatus;
}

/**
 * The candidates of a walk behind one of them: those that share all its columns but the last, then those
 * that share one less, and so on. SQLite searches an index for each of these; it would read a single
 * comparison of rows from the beginning.
 */
function* walked(
  db: Database,
  { columns, where }: Walk,
  given: Readonly<Record<string, unknown>>,
  after: number | undefined,
): Generator<RawRow> {
  const names = columns.map((column) => column.replace('-', ''));
  const order = columns.map((column, index) => `${names[index]}${column.startsWith('-') ? ' DESC' : ''}`);
  const read = (more: string, key: Readonly<Record<string, unknown>> = {}) =>
    db
      .prepare<unknown[], RawRow>(`
        SELECT ${candidateColumns.selected} FROM candidate
        WHERE study_id = @studyId AND ${where} ${more} ORDER BY ${order.join(', ')} LIMIT ${mostExamined + 1}`)
      .raw()
      .iterate({ ...given, ...key });
  if (after === undefined) {
    yield* read('');
    return;
  }
  const key = db
    .prepare<unknown[], Record<string, unknown>>(
      `SELECT ${names.join(', ')} FROM candidate WHERE id = @after AND study_id = @studyId`,
    )
    .get({ after, studyId: given.studyId });
  if (!key) return;
  for (let shared = names.length - 1; shared >= 0; shared--) {
    const same = names.slice(0, shared).map((name) => `AND ${name} IS @${name}`);
    const name = names[shared] as string;
    const falls = columns[shared]?.startsWith('-');
    const behind = key[name] === null ? `${name} IS NOT NULL` : `${name} ${falls ? '<' : '>'} @${name}`;
    const used = names.slice(0, shared + (key[name] === null ? 0 : 1)).map((one) => [one, key[one]]);
    yield* read(`${same.join(' ')} AND ${behind}`, Object.fromEntries(used));
  }
}

/** Proposals of one status, reason and rung. */
export interface CandidateCount {
  readonly status: CandidateStatus;
  /** Code of a refusal. */
  readonly reason: string | null;
  readonly rung: number | null;
  readonly count: number;
}

/** How many candidates of a study, baselines too, have which status, reason and rung. */
export function candidateCounts(db: Database, studyId: number): readonly CandidateCount[] {
  return db
    .prepare<unknown[], CandidateCount>(`
      SELECT status, reason_code AS reason, rung, count(*) AS count
      FROM candidate WHERE study_id = ? GROUP BY status, reason_code, rung`)
    .all(studyId);
}

/** Candidates of open batches that are in training or wait for it, oldest first. */
export function waitingCandidates(db: Database, studyId: number, most: number): readonly Candidate[] {
  return db
    .prepare<unknown[], RawRow>(`
      SELECT ${candidateColumns.selected} FROM candidate
      WHERE study_id = @studyId AND status = 'waiting'
        AND +batch > (SELECT completed_batch FROM state WHERE study_id = @studyId)
      ORDER BY +batch, abs(number) LIMIT @most`)
    .raw()
    .all({ studyId, most })
    .map((row) => candidateColumns.record(row));
}

/** The last few trials that a study has stored, newest first, if they are among the database's last ones. */
export function latestTrialIds(db: Database, studyId: number, most: number): readonly number[] {
  return db
    .prepare<unknown[], number>(`
      SELECT trial.id FROM trial CROSS JOIN candidate ON candidate.id = trial.candidate_id
      WHERE trial.id > (SELECT max(id) - 1000 FROM trial) AND candidate.study_id = ?
      ORDER BY trial.id DESC LIMIT ?`)
    .pluck()
    .all(studyId, most);
}
