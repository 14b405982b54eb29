import { type Attributes, element, textContent } from '../plot/svg.ts';

/** Text or numbers to stand in a page; only `Html` is markup. */
export type Content = string | number | null | Html;

/** Markup made by this module: nothing else gets into a page unescaped. */
export class Html {
  readonly text: string;

  /** For markup that another part of the tool has made: an SVG, a formula. */
  constructor(text: string) {
    this.text = text;
  }
}

/** An element; children that are no markup are escaped. It always has an end tag. */
export function tag(name: string, attributes: Attributes, ...children: readonly Content[]): Html {
  const inner = children.map((child) =>
    child instanceof Html ? child.text : textContent(String(child ?? '')),
  );
  return new Html(element(name, attributes, inner.join('')));
}

/** Elements one after the other. */
export function inOrder(parts: readonly Html[]): Html {
  return new Html(parts.map(({ text }) => text).join('\n'));
}

/** A table with a line of headings; cells that are numbers stand on the right. */
export function tableOf(headings: readonly string[], rows: readonly (readonly Content[])[]): Html {
  const cell = (content: Content): Html =>
    tag('td', typeof content === 'number' ? { class: 'number' } : {}, content);
  const table = tag(
    'table',
    {},
    tag('thead', {}, tag('tr', {}, inOrder(headings.map((heading) => tag('th', { scope: 'col' }, heading))))),
    tag('tbody', {}, inOrder(rows.map((row) => tag('tr', {}, inOrder(row.map(cell)))))),
  );
  // Wide tables scroll by themselves, not the page.
  return tag('div', { class: 'table', tabindex: 0 }, table);
}

/** Pairs of a name and what it is. */
export function definitions(pairs: readonly (readonly [string, Content])[]): Html {
  return tag(
    'dl',
    {},
    inOrder(pairs.map(([name, content]) => inOrder([tag('dt', {}, name), tag('dd', {}, content)]))),
  );
}
