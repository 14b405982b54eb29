import type { StudyJudge } from '../../ranking/study-verdicts.ts';
import type { Candidate, CandidateKind } from '../../study/candidate.ts';
import { compareForPlaces, type Ladder } from '../../study/ladder.ts';
import { isTrained } from '../../study/statuses.ts';
import type { StudyVerdicts } from '../../study/verdict.ts';
import type { Climber } from './climber.ts';
import type { MachineParts } from './parts.ts';
import { Race } from './race.ts';
import type { Roster } from './roster.ts';

/** The finals of a running study, which may be a race, and its verdicts. */
export class Finals {
  readonly #parts: Pick<MachineParts, 'ladder' | 'ledger' | 'judging'>;
  #begun = false;
  #race: Race | undefined;
  #verdicts: StudyVerdicts | undefined;

  constructor(parts: Pick<MachineParts, 'ladder' | 'ledger' | 'judging'>) {
    this.#parts = parts;
  }

  get begun(): boolean {
    return this.#begun;
  }

  /** Id of the candidate that the verdicts of this sitting recommend, if there is one. */
  get recommended(): number | undefined {
    return this.#verdicts?.verdicts.find(({ recommended }) => recommended)?.candidateId;
  }

  /** Chooses who takes part; they enter with this. */
  begin({ climbers }: Roster): readonly Climber[] {
    const { ladder, ledger } = this.#parts;
    this.#begun = true;
    const isRace = ladder.race !== null;
    const finalists = (isRace ? chooseRunners : chooseFinalists)(climbers, ladder);
    for (const climber of finalists) climber.enterFinals((id) => ledger.trialsOf(id));
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
 * Chooses who runs in the finals' race, in the order of their ids: the baselines that completed the rung
 * below, and the proposals of the finals. Whoever ran in it before the study was interrupted does so again,
 * also one that failed in it.
 */
function chooseRunners(climbers: readonly Climber[], ladder: Ladder): readonly Climber[] {
  const before = climbers.filter(
    ({ candidate: { rung, status } }) => rung === ladder.height && status !== 'known',
  );
  const runners = new Set([...before, ...chooseFinalists(climbers, ladder)]);
  return [...runners].sort((a, b) => a.candidate.id - b.candidate.id);
}

/**
 * Chooses who is trained in the finals, in this order: the baselines, ReLU first, and as many of the best
 * proposals on the rung below as there are places. Proposals that were in the finals before the study was
 * interrupted keep their places.
 */
export function chooseFinalists(climbers: readonly Climber[], ladder: Ladder): readonly Climber[] {
  const on = (kind: CandidateKind, rung: number): readonly Climber[] =>
    climbers.filter(({ candidate }) => isOn(candidate, kind, rung));
  const baselines = [...on('baseline', ladder.height), ...on('baseline', ladder.batchHeight)]
    .filter(({ candidate }) => candidate.status === 'complete')
    .sort((a, b) => b.candidate.number - a.candidate.number);
  const { finalists, parsimony } = ladder.rung(ladder.height);
  const contenders = on('proposed', ladder.batchHeight)
    .filter(({ candidate }) => candidate.score !== null)
    .sort((a, b) => compareForPlaces(a.candidate, b.candidate, parsimony));
  const places = (finalists ?? 0) - on('proposed', ladder.height).length;
  return [...baselines, ...contenders.slice(0, Math.max(0, places))];
}

function isOn(candidate: Candidate, kind: CandidateKind, rung: number): boolean {
  return candidate.kind === kind && candidate.rung === rung && candidate.status !== 'known';
}
