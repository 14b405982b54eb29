import type { WriteStream } from 'node:tty';
import { stripVTControlCharacters } from 'node:util';
import type { StudyEvent } from '../search/events.ts';
import { follow, newProgress, progressLines } from './study-progress.ts';

const redrawMilliseconds = 200;
const hideCursor = '\x1b[?25l';
const showCursor = '\x1b[?25h';
const clearBelow = '\x1b[0J';

/** How a running study is shown. */
export interface StudyView {
  show(event: StudyEvent): void;
  /** A person has asked the study to stop. */
  stopping(): void;
  /** Leaves the terminal as it was found; nothing is shown after. */
  end(): void;
}

/** The part of a terminal that the live view uses. */
export type Terminal = Pick<WriteStream, 'write' | 'columns' | 'rows' | 'on' | 'off'>;

/**
 * A few lines that are drawn again in place, at most five times a second, cut to the terminal's size whatever it becomes. The
 * cursor is hidden meanwhile and shown again at the end, however the process ends short of SIGKILL.
 */
export function liveView(terminal: Terminal): StudyView {
  const progress = newProgress();
  let drawn: readonly string[] = [];
  let lastDraw = 0;
  let waiting: NodeJS.Timeout | undefined;
  let ended = false;

  const width = (): number => Math.max(1, terminal.columns || 80);
  /** Rows that the lines take now: those drawn for a wider terminal wrap in a narrower one. */
  const rowsTaken = (): number =>
    drawn.reduce(
      (rows, line) => rows + Math.max(1, Math.ceil(stripVTControlCharacters(line).length / width())),
      0,
    );
  const erase = (): string => {
    const rows = Math.min(rowsTaken(), Math.max(1, (terminal.rows || 24) - 1));
    return rows > 0 ? `\x1b[${rows}A\r${clearBelow}` : '';
  };
  const draw = (): void => {
    clearTimeout(waiting);
    waiting = undefined;
    if (ended) return;
    lastDraw = performance.now();
    const before = erase();
    // The last row stays free: writing its line end would scroll.
    drawn = progressLines(progress, width(), Math.max(1, (terminal.rows || 24) - 1), lastDraw);
    terminal.write(before + drawn.map((line) => `${line}\n`).join(''));
  };
  const drawSoon = (): void => {
    if (waiting || ended) return;
    waiting = setTimeout(draw, Math.max(0, redrawMilliseconds - (performance.now() - lastDraw)));
    waiting.unref();
  };
  const restore = (): void => {
    terminal.write(showCursor);
  };

  // Time goes on while nothing happens.
  const clock = setInterval(drawSoon, 1000);
  clock.unref();
  terminal.on('resize', drawSoon);
  process.on('exit', restore);
  terminal.write(hideCursor);

  return {
    show(event) {
      follow(progress, event, performance.now());
      drawSoon();
    },
    stopping() {
      progress.stopping = true;
      drawSoon();
    },
    end() {
      if (ended) return;
      draw();
      ended = true;
      clearInterval(clock);
      clearTimeout(waiting);
      terminal.off('resize', drawSoon);
      process.off('exit', restore);
      restore();
    },
  };
}
