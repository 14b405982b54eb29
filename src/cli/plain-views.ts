import type { StudyEvent } from '../search/events.ts';
import type { StudyView } from './live-view.ts';
import { candidateLine, countsText, describeStudy, formatSeconds } from './study-progress.ts';

const stopping = 'stopping: finishing what runs; once more stops at once';

/** One line for each candidate that comes to an end, for pipes and logs. */
export function lineView(write: (line: string) => void): StudyView {
  let refused = 0;
  let known = 0;
  let rungs = 1;
  return {
    show(event) {
      if (event.event === 'study') {
        rungs = event.config.rungs.length;
        const again = event.resumed ? `goes on after ${formatSeconds(event.seconds)}` : 'begins';
        write(`study ${event.study} ${again}: ${describeStudy(event.config, event.sequences)}`);
      }
      if (event.event === 'candidate') {
        // Most proposals of a long search are refused or known: those are counted, not listed.
        if (event.status === 'refused') refused += 1;
        else if (event.status === 'known') known += 1;
        else {
          const skipped = refused + known > 0 ? ` [before it ${refused} refused, ${known} reused]` : '';
          const why = event.reason ? `: ${event.reason}` : '';
          write(`${formatSeconds(event.seconds).padStart(7)} ${candidateLine(event, rungs)}${why}${skipped}`);
          refused = 0;
          known = 0;
        }
      }
      if (event.event === 'target') write(`target found: candidate ${event.number}, ${event.expression}`);
      if (event.event === 'end') {
        write(
          `${formatSeconds(event.seconds).padStart(7)} ${event.counts.proposed} proposed: ${countsText(event.counts)}`,
        );
      }
    },
    stopping: () => write(stopping),
    end: () => undefined,
  };
}

/** Each event as one JSON object a line on standard output; messages go to standard error. */
export function jsonView(): StudyView {
  return {
    show(event: StudyEvent) {
      if (event.event !== 'progress') process.stdout.write(`${JSON.stringify(event)}\n`);
    },
    stopping: () => void process.stderr.write(`${stopping}\n`),
    end: () => undefined,
  };
}

/** Nothing but the end. */
export const quietView: StudyView = {
  show: () => undefined,
  stopping: () => undefined,
  end: () => undefined,
};
