import type { Store } from './store.ts';

const milliseconds = 10_000;

export interface Heartbeat {
  /** How long the study has run, over all sittings. */
  readonly seconds: () => number;
  /** Called with what a beat fails of: somebody else has taken the study over, or locks the database. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Shows every ten seconds that this process lives and holds a study, and stores how long it has run, so that
 * a kill loses no more of it. Returns what ends it; it keeps no process alive.
 */
export function beginHeartbeat(store: Store, studyId: number, { seconds, onFailure }: Heartbeat): () => void {
  const beat = (): void => {
    try {
      store.recordSeconds(studyId, seconds());
    } catch (error) {
      onFailure(error);
    }
  };
  const timer = setInterval(beat, milliseconds).unref();
  return () => clearInterval(timer);
}
