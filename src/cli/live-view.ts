import type { WriteStream } from 'node:tty';
import { stripVTControlCharacters } from 'node:util';
import type { StudyEvent } from '../search/events.ts';
import { type Colors, screenOf } from '../terminal/screen.ts';
import { follow, newProgress } from './progress.ts';
import { progressLines } from './progress-lines.ts';
import type { StudyView } from './study-view.ts';

const redrawMilliseconds = 200;
const hideCursor = '\x1b[?25l';
const showCursor = '\x1b[?25h';
const clearBelow = '\x1b[0J';

/** The part of a terminal that the live view uses. */
export type LiveTerminal = Pick<WriteStream, 'write' | 'columns' | 'rows' | 'on' | 'off'>;

/**
 * A few lines that are drawn again in place, at most five times a second, cut to the terminal's size whatever
 * it becomes. The cursor is hidden meanwhile and shown again at the end, however the process ends short of
 * SIGKILL.
 */
export class LiveView implements StudyView {
  readonly #terminal: LiveTerminal;
  readonly #colors: Colors;
  readonly #progress = newProgress();
  readonly #clock: NodeJS.Timeout;
  #drawn: readonly string[] = [];
  /** Runs for a while after each drawing. */
  #pause: NodeJS.Timeout | undefined;
  #changed = false;
  #ended = false;

  constructor(terminal: LiveTerminal, colors: Colors = screenOf().colors) {
    this.#terminal = terminal;
    this.#colors = colors;
    // Time goes on while nothing happens.
    this.#clock = setInterval(this.#drawSoon, 1000);
    this.#clock.unref();
    terminal.on('resize', this.#drawSoon);
    process.on('exit', this.#restore);
    terminal.write(hideCursor);
  }

  show(event: StudyEvent): void {
    follow(this.#progress, event, performance.now());
    this.#drawSoon();
  }

  stopping(): void {
    this.#progress.stopping = true;
    this.#drawSoon();
  }

  end(): void {
    if (this.#ended) return;
    this.#draw();
    this.#ended = true;
    clearInterval(this.#clock);
    clearTimeout(this.#pause);
    this.#terminal.off('resize', this.#drawSoon);
    process.off('exit', this.#restore);
    this.#restore();
  }

  readonly #restore = (): void => {
    this.#terminal.write(showCursor);
  };

  readonly #drawSoon = (): void => {
    if (this.#ended) return;
    this.#changed = true;
    if (this.#pause === undefined) this.#draw();
  };

  #draw(): void {
    clearTimeout(this.#pause);
    this.#changed = false;
    this.#pause = setTimeout(() => {
      this.#pause = undefined;
      if (this.#changed) this.#draw();
    }, redrawMilliseconds);
    this.#pause.unref();
    const erased = this.#erasing();
    // The last row stays free: writing its line end would scroll.
    const space = { width: this.#width, height: this.#height, colors: this.#colors };
    this.#drawn = progressLines(this.#progress, space, performance.now());
    this.#terminal.write(erased + this.#drawn.map((line) => `${line}\n`).join(''));
  }

  get #width(): number {
    return Math.max(1, this.#terminal.columns || 80);
  }

  get #height(): number {
    return Math.max(1, (this.#terminal.rows || 24) - 1);
  }

  /**
   * Goes up over all rows that the lines take now: those drawn for a wider terminal wrap in a narrower one.
   */
  #erasing(): string {
    const taken = this.#drawn.reduce(
      (rows, line) => rows + Math.max(1, Math.ceil(stripVTControlCharacters(line).length / this.#width)),
      0,
    );
    const rows = Math.min(taken, this.#height);
    return rows > 0 ? `\x1b[${rows}A\r${clearBelow}` : '';
  }
}
