import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { type TestContext, test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { createColors } from 'picocolors';
import { type LiveTerminal, LiveView } from '../../src/cli/live-view.ts';
import { beginEvent, candidateEvent } from './study-events.ts';

/** A terminal that keeps what is written, and can change its size. */
function screen(columns: number, rows: number) {
  const written: string[] = [];
  const terminal = Object.assign(new EventEmitter(), {
    columns,
    rows,
    write(text: string) {
      written.push(text);
      return true;
    },
  });
  const view = (): LiveView => new LiveView(terminal as unknown as LiveTerminal, createColors(false));
  return { terminal, written, view };
}

function stopTimers(context: TestContext): (milliseconds: number) => void {
  context.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  return (milliseconds) => context.mock.timers.tick(milliseconds);
}

test('the live view hides the cursor, draws at most five times a second in place, and restores the cursor', (context) => {
  const tick = stopTimers(context);
  const listeners = process.listenerCount('exit');
  const { written, view: create } = screen(80, 24);
  const view = create();
  assert.equal(written[0], '\x1b[?25l');
  view.show(beginEvent());
  for (let number = 1; number <= 300; number++) {
    view.show(candidateEvent(number, 0.1));
    if (number % 10 === 0) tick(20);
  }
  // At once, then after each of the three pauses of 200 ms.
  const draws = () => written.filter((text) => text.includes('a-study'));
  assert.equal(draws().length, 4);
  assert.ok(
    draws()
      .slice(1)
      .every((text) => /^E\[\d+A\rE\[0J/.test(text.replaceAll('\x1b', 'E'))),
  );
  tick(1000);
  assert.equal(draws().length, 5, 'time goes on while nothing happens');
  view.end();
  assert.equal(draws().length, 6);
  assert.equal(written.at(-1), '\x1b[?25h');
  assert.equal(process.listenerCount('exit'), listeners);
  view.show(candidateEvent(301, 0.1));
  view.end();
  tick(5000);
  assert.equal(draws().length, 6);
});

test('the live view erases all rows that its lines take after the terminal became narrower', (context) => {
  const tick = stopTimers(context);
  const { terminal, written, view: create } = screen(100, 24);
  const view = create();
  view.show(beginEvent());
  view.show(candidateEvent(1, 0.1));
  tick(200);
  const wide = stripVTControlCharacters(written.at(-1) ?? '')
    .trimEnd()
    .split('\n');
  terminal.columns = 25;
  terminal.emit('resize');
  tick(200);
  const up = Number(/\[(\d+)A/.exec(written.at(-1) ?? '')?.[1]);
  const taken = wide.reduce((rows, line) => rows + Math.max(1, Math.ceil(line.trim().length / 25)), 0);
  assert.ok(Math.abs(up - taken) <= 1, `${up} of ${taken}`);
  view.end();
});

test('asked to stop, the live view says that it finishes what runs', (context) => {
  stopTimers(context);
  const { written, view: create } = screen(80, 24);
  const view = create();
  view.show(beginEvent());
  view.stopping();
  view.end();
  assert.match(written.join(''), /stopping: finishing what runs/);
});
