import type { StudyJudge } from '../../ranking/study-verdicts.ts';
import type { CandidateKind } from '../../study/candidate.ts';
import { compareForPlaces, type Ladder } from '../../study/ladder.ts';
import { isTrained } from '../../study/statuses.ts';
import type { StudyVerdicts } from '../../study/verdict.ts';
import type { Climber } from './climber.ts';
import type { MachineParts } from './parts.ts';
import { Race } from './race.ts';
import type { Roster } from './roster.ts';

/** The finals of a running study, rung by rung, of which the last may be a race, and its verdicts. */
export class Finals {
  readonly #parts: Pick<MachineParts, 'ladder' | 'ledger' | 'judging'>;
  /** The highest rung that was begun: one of the finals, or the one below them. */
  #rung: number;
  #race: Race | undefined;
  #verdicts: StudyVerdicts | undefined;

  constructor(parts: Pick<MachineParts, 'ladder' | 'ledger' | 'judging'>) {
    this.#parts = parts;
    this.#rung = parts.ladder.batchHeight;
  }

  get begun(): boolean {
    return this.#rung > this.#parts.ladder.batchHeight;
  }

  /** Whether a rung of the finals has not been begun yet. */
  get areLeft(): boolean {
    return this.#rung < this.#parts.ladder.height;
  }

  /** Id of the candidate that the verdicts of this sitting recommend, if there is one. */
  get recommended(): number | undefined {
    return this.#verdicts?.verdicts.find(({ recommended }) => recommended)?.candidateId;
  }

  /** Begins the next rung of the finals: chooses who takes part, and they enter it with this. */
  begin({ climbers }: Roster): readonly Climber[] {
    const { ladder, ledger } = this.#parts;
    this.#rung += 1;
    const isRace = ladder.race !== null && this.#rung === ladder.height;
    const finalists = isRace
      ? chooseRunners(climbers, ladder)
      : chooseFinalists(climbers, ladder, this.#rung);
    for (const climber of finalists) climber.enterFinals(this.#rung, (id) => ledger.trialsOf(id));
    if (isRace) this.#race = new Race(finalists, ladder, this.#judgeOf(ladder.height));
    return finalists;
  }

  /** Goes through all whole rounds of the race and keeps the verdicts; returns those that run on. */
  advance(): readonly Climber[] {
    const running = this.#race?.advance() ?? [];
    const verdicts = this.#race?.verdicts;
    if (verdicts && verdicts !== this.#verdicts) this.#keep(verdicts);
    return running;
  }

  /** Judges the functions on the highest rung that ReLU has reached, unless a race does so each round. */
  judge({ relu, climbers }: Roster): void {
    const { rung } = relu.candidate;
    if (this.#race || rung === null) return;
    const entrants = climbers
      .filter(({ candidate }) => candidate.rung === rung && isTrained(candidate.status))
      .map((climber) => ({
        candidate: climber.candidate,
        trials: climber.allTrials((id) => this.#parts.ledger.trialsOf(id)),
      }));
    this.#keep(this.#judgeOf(rung).judge(entrants));
  }

  #judgeOf(rung: number): StudyJudge {
    return this.#parts.judging(this.#parts.ladder.trialsOn(rung));
  }

  #keep(verdicts: StudyVerdicts): void {
    this.#verdicts = verdicts;
    this.#parts.ledger.recordVerdicts(verdicts);
  }
}

/**
 * Chooses who runs in the race on the last rung, in the order of their ids: the baselines that completed the
 * rung below, and the proposals that get its places. Whoever ran in it before the study was interrupted does
 * so again, also one that failed in it.
 */
function chooseRunners(climbers: readonly Climber[], ladder: Ladder): readonly Climber[] {
  const before = climbers.filter(
    ({ candidate: { rung, status } }) => rung === ladder.height && status !== 'known',
  );
  const runners = new Set([...before, ...chooseFinalists(climbers, ladder, ladder.height)]);
  return [...runners].sort((a, b) => a.candidate.id - b.candidate.id);
}

/**
 * Chooses who is trained on a rung of the finals, in this order: the baselines, ReLU first, and as many of
 * the best proposals on the rung below as there are places. Proposals that were on it before the study was
 * interrupted keep their places.
 */
export function chooseFinalists(
  climbers: readonly Climber[],
  ladder: Ladder,
  rung: number,
): readonly Climber[] {
  const trained = climbers.filter(({ candidate: { status } }) => status !== 'known');
  const on = (kind: CandidateKind, isThere: (on: number) => boolean): readonly Climber[] =>
    trained.filter(({ candidate: one }) => one.kind === kind && isThere(one.rung ?? 0));
  const baselines = on('baseline', (one) => one >= rung - 1)
    .filter(({ candidate }) => candidate.status === 'complete')
    .sort((a, b) => b.candidate.number - a.candidate.number);
  const { finalists, parsimony } = ladder.rung(rung);
  const contenders = on('proposed', (one) => one === rung - 1)
    .filter(({ candidate }) => candidate.score !== null)
    .sort((a, b) => compareForPlaces(a.candidate, b.candidate, parsimony));
  const places = (finalists ?? 0) - on('proposed', (one) => one >= rung).length;
  return [...baselines, ...contenders.slice(0, Math.max(0, places))];
}
