import { raw } from 'hono/html';
import { thumbnailHtml } from '../report/card-html.ts';

/** A page shows 25 of them. */
const mostKept = 2000;
const kept = new Map<string, string>();

/** f and f' in a small picture; each formula is drawn once. */
export function formulaPicture(expression: string) {
  let drawn = kept.get(expression);
  if (drawn === undefined) {
    drawn = thumbnailHtml(expression).text;
    if (kept.size === mostKept) kept.delete(kept.keys().next().value as string);
    kept.set(expression, drawn);
  }
  return raw(drawn);
}
