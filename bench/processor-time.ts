import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';

/** Linux counts processor time in hundredths of a second for programs, whatever its own clock. */
const ticksOfSecond = 100;

/** Seconds of processor time that a running process, and its children that have ended, have taken. */
export function processSeconds(pid: number): number {
  const [own, system, children, childrenSystem] = timesOf(pid);
  return (own + system + children + childrenSystem) / ticksOfSecond;
}

/** Seconds of processor time that all children of this process which have ended took. */
export function endedChildrenSeconds(): number {
  const [, , children, system] = timesOf('self');
  return (children + system) / ticksOfSecond;
}

function timesOf(pid: number | 'self'): readonly [number, number, number, number] {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name of the program may contain spaces; what follows its bracket begins with the third field.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [own, system, children, childrenSystem] = fields.slice(11, 15).map(Number);
  return [own ?? Number.NaN, system ?? Number.NaN, children ?? Number.NaN, childrenSystem ?? Number.NaN];
}

/** Seconds of processor time that all processes of a browser have taken, as it counts them itself. */
export async function browserSeconds(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}
