import { ActivationSearchError, formatPlace } from '../errors.ts';
import { loadSearchSpace, shippedSpaceNames } from './load.ts';
import type { SearchSpace } from './space.ts';

/** A shipped space, or why its file cannot be used. */
export type ListedSpace =
  | { readonly name: string; readonly space: SearchSpace }
  | { readonly name: string; readonly problem: string };

/** The spaces that ship, by name. A file with mistakes is listed with its problem. */
export function listSearchSpaces(): ListedSpace[] {
  return shippedSpaceNames().map((name) => {
    try {
      return { name, space: loadSearchSpace(name) };
    } catch (error) {
      if (!(error instanceof ActivationSearchError)) throw error;
      const place = formatPlace(error.place);
      return { name, problem: place ? `${place}: ${error.message}` : error.message };
    }
  });
}
