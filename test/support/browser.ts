import assert from 'node:assert/strict';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { TestContext } from 'node:test';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Chromium of this machine's packages; undefined where none is installed. */
const executable = (process.env.PATH ?? '')
  .split(delimiter)
  .flatMap((folder) => ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(folder, name)))
  .find(isExecutable);

/** Why tests in a browser are skipped here; false where there is one. */
export const withoutBrowser: string | false =
  executable === undefined && 'no Chromium is installed: apt-get install chromium';

/** The three widths at which pages are looked at: a telephone, a tablet and a screen. */
const widths = [360, 800, 1280] as const;

export async function openBrowser(): Promise<Browser> {
  if (executable === undefined) throw new Error(String(withoutBrowser));
  // Chromium's sandbox refuses to run as root, and a container's /dev/shm is small.
  return chromium.launch({ executablePath: executable, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

/** A browser that is closed at the end of the test. */
export async function testBrowser(context: TestContext): Promise<Browser> {
  const browser = await openBrowser();
  context.after(() => browser.close());
  return browser;
}

/** All that a page says on its console, errors that nothing caught included. */
export function messagesOf(page: Page): readonly string[] {
  const messages: string[] = [];
  page.on('console', (message) => messages.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => messages.push(error.message));
  return messages;
}

/** By how many pixels a page is wider than its window. */
async function overflowOf(page: Page): Promise<number> {
  return (await page.evaluate('document.documentElement.scrollWidth - innerWidth')) as number;
}

/** Contrast of a page's text and its ground, from 1 to 21, and whether the ground is dark. */
async function contrastOf(page: Page): Promise<{ readonly ratio: number; readonly dark: boolean }> {
  const colors = (await page.evaluate(
    '((style) => [style.color, style.backgroundColor])(getComputedStyle(document.body))',
  )) as readonly [string, string];
  const [text, ground] = colors.map(luminance) as [number, number];
  const [dim, bright] = [Math.min(text, ground), Math.max(text, ground)];
  return { ratio: (bright + 0.05) / (dim + 0.05), dark: ground < text };
}

/** Relative luminance of `rgb(…)` as WCAG 2 defines it. */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map((part) => {
    const share = Number(part) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Asserts that a page fits all widths, and that its text is legible on light and dark ground. */
export async function assertLegible(page: Page, what: string): Promise<void> {
  for (const width of widths) {
    await page.setViewportSize({ width, height: 800 });
    assert.ok((await overflowOf(page)) <= 0, `${what} is wider than ${width}`);
  }
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const { ratio, dark } = await contrastOf(page);
    assert.ok(ratio >= 7, `${what}: contrast ${ratio}`);
    assert.equal(dark, colorScheme === 'dark');
  }
}
