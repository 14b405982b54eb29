import type { StudyEvent } from '../search/events.ts';
import { durationText } from '../terminal/duration.ts';
import { candidateLine, countsText, describeStudy } from './study-text.ts';
import type { StudyView } from './study-view.ts';

const stopping = 'stopping: finishing what runs; once more stops at once';

/** One line for each candidate that comes to an end, for pipes and logs. */
export function lineView(write: (line: string) => void): StudyView {
  let refused = 0;
  let known = 0;
  let rungs = 1;
  const timed = (seconds: number, text: string): void =>
    write(`${durationText(seconds).padStart(7)} ${text}`);
  const candidate = (event: Extract<StudyEvent, { event: 'candidate' }>): void => {
    // Most proposals of a long search are refused or known: those are counted, not listed.
    if (event.status === 'refused') refused += 1;
    else if (event.status === 'known') known += 1;
    else {
      const skipped = refused + known > 0 ? ` [before it ${refused} refused, ${known} known]` : '';
      const why = event.reason ? `: ${event.reason}` : '';
      timed(event.seconds, `${candidateLine(event, rungs)}${why}${skipped}`);
      refused = 0;
      known = 0;
    }
  };
  return {
    show(event) {
      if (event.event === 'study') {
        rungs = event.config.rungs.length;
        const again = event.resumed ? `goes on after ${durationText(event.seconds)}` : 'begins';
        write(`study ${event.study} ${again}: ${describeStudy(event.config, event.sequences)}`);
      } else if (event.event === 'candidate') candidate(event);
      else if (event.event === 'target') write(`target found: candidate ${event.id}, ${event.expression}`);
      else if (event.event === 'workers' && event.text !== undefined) write(event.text);
      else if (event.event === 'end') timed(event.seconds, countsText(event.counts));
    },
    stopping: () => write(stopping),
    end: () => undefined,
  };
}

/** Each event as one JSON object a line on standard output; messages go to standard error. */
export function jsonView(): StudyView {
  return {
    show(event) {
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
