export type Attributes = Readonly<Record<string, string | number | undefined>>;

/**
 * An SVG element as text; children are text made by this function or by `text`. Numbers keep two decimals.
 */
export function element(name: string, attributes: Attributes = {}, ...children: readonly string[]): string {
  const list = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${escaped(typeof value === 'number' ? rounded(value) : value)}"`],
  );
  const open = `<${name}${list.join('')}`;
  return children.length === 0 ? `${open}/>` : `${open}>${children.join('')}</${name}>`;
}

/** Text to stand in an element. */
export function textContent(content: string): string {
  return escaped(content);
}

/** The same number always has the same text. */
export function rounded(value: number): string {
  return String(Number(value.toFixed(2)) + 0);
}

function escaped(content: string): string {
  return content
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
