import { html } from 'hono/html';
import { shownPath } from '../paths.ts';

/** Markup whose texts are escaped. */
export type Markup = ReturnType<typeof html>;

export interface PageContent {
  readonly title: string;
  readonly file: string;
  /** The state of the database that the page shows. */
  readonly version: number;
  readonly body: Markup;
  /** Links from the list of studies to this page. */
  readonly trail?: readonly { readonly text: string; readonly href: string }[];
}

/** A whole page. What stands in `main` is replaced once the database has another version. */
export function layout({ title, file, version, body, trail = [] }: PageContent): Markup {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} - activation-search</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/assets/style.css">
<link rel="stylesheet" href="/assets/plot.css">
<script type="module" src="/assets/live.js"></script>
</head>
<body>
<a class="skip" href="#content">To the content</a>
<header>
<nav aria-label="Pages"><a href="/">Studies</a>${trail.map(({ text, href }) => html` / <a href="${href}">${text}</a>`)}
<a class="right" href="/compare">Compare studies</a></nav>
</header>
<main id="content" tabindex="-1" data-version="${version}">
<h1>${title}</h1>
${body}
</main>
<footer><span>${shownPath(file)}</span> <span id="live" role="status" aria-live="polite"></span></footer>
</body>
</html>`;
}

/** A table that scrolls by itself where the window is narrow. */
export function captionedTable(
  caption: string,
  headings: readonly string[],
  rows: readonly Markup[],
): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr>${headings.map((heading) => html`<th scope="col">${heading}</th>`)}</tr></thead>
<tbody>${rows}</tbody>
</table></div>`;
}

/** Names and what there is to say about them. */
export function definitionList(rows: readonly (readonly [what: string, text: unknown])[]): Markup {
  return html`<dl>${rows.map(([what, text]) => html`<div><dt>${what}</dt><dd>${text}</dd></div>`)}</dl>`;
}

/** A time as people read it, exact in the element. */
export function timeText(iso: string): Markup {
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')} UTC</time>`;
}
