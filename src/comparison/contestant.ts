import { controllerKind, controllerOptions } from '../controllers/controllers.ts';
import { ActivationSearchError } from '../errors.ts';
import type { SearchSpace } from '../search-space/search-space.ts';
import type { Contestant } from './compare.ts';

/**
 * A controller as written on the command line: `evolution`, `evolution:population=50,sample=10` or, for
 * options that are no single values, `evolution:{"population":50}`. Values are read as JSON where they are
 * JSON, else as text. Refuses what the controller refuses, and options that the space does not allow.
 */
export function contestant(written: string, space: SearchSpace): Contestant {
  const colon = written.indexOf(':');
  const name = colon < 0 ? written : written.slice(0, colon);
  const kind = controllerKind(name);
  const options = controllerOptions(name, colon < 0 ? {} : writtenOptions(written.slice(colon + 1), written));
  // Controllers judge options against the space when they are made.
  kind.create(space, 1, options);
  return { label: written, kind, options };
}

function writtenOptions(text: string, written: string): Readonly<Record<string, unknown>> {
  if (text.trimStart().startsWith('{')) {
    const value = jsonOr(text, undefined);
    if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
    throw refusal(`the options of "${written}" are no JSON object.`);
  }
  const entries = text.split(',').map((part) => {
    const at = part.indexOf('=');
    if (at < 1) throw refusal(`"${part}" in "${written}" is no option and its value.`);
    const value = part.slice(at + 1).trim();
    return [part.slice(0, at).trim(), jsonOr(value, value)] as const;
  });
  const names = entries.map(([option]) => option);
  const twice = names.find((option, index) => names.indexOf(option) !== index);
  if (twice !== undefined) throw refusal(`"${written}" gives "${twice}" twice.`);
  return Object.fromEntries(entries);
}

function jsonOr(text: string, otherwise: unknown): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return otherwise;
  }
}

function refusal(message: string): ActivationSearchError {
  return new ActivationSearchError('usage', message, {
    hint: 'Write options as NAME:option=value,option=value. Options: npx activation-search controllers',
  });
}
