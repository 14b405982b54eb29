import type { StudyEvent } from '../search/events.ts';

/** How a running study is shown. */
export interface StudyView {
  show(event: StudyEvent): void;
  /** A person has asked the study to stop. */
  stopping(): void;
  /** Leaves the terminal as it was found; nothing is shown after. */
  end(): void;
}
