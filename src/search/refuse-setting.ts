import { ActivationSearchError, type Place } from '../errors.ts';

/** Refuses a setting, with the place where it was written. */
export function refuseSetting(
  message: string,
  place: Place | undefined,
  { hint }: { readonly hint: string },
): never {
  throw new ActivationSearchError('config', message, { hint, ...(place ? { place } : {}) });
}
