import { parse } from '../expression/notation.ts';
import { thumbnail } from '../plot/thumbnail.ts';
import { type CardFacts, cardLines } from './function-card.ts';
import { definitions, Html, inOrder, tag } from './html.ts';
import { sampledFunction } from './sampled-function.ts';

/** Enough for a picture 120 wide. */
const thumbnailPoints = 61;

/** f and f' of a formula in a small picture. */
export function thumbnailHtml(formula: string): Html {
  return new Html(
    thumbnail(
      sampledFunction(parse(formula), { count: thumbnailPoints }),
      `f and f' of ${formula} from -5 to 5`,
    ),
  );
}

/** What a card says of the function itself: formula, slope, and the facts in words. */
export function functionHtml(facts: CardFacts): Html {
  return inOrder([
    tag('p', { class: 'formula' }, 'f(x) = ', new Html(facts.typeset.value)),
    tag('p', { class: 'formula' }, "f'(x) = ", new Html(facts.typeset.slope)),
    definitions(cardLines(facts)),
  ]);
}
