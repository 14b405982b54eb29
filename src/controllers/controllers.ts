import { z } from 'zod';
import { ActivationSearchError, suggestion } from '../errors.ts';
import type { ControllerKind, ControllerOptions } from './controller.ts';
import { evolution } from './evolution.ts';
import { exhaustive } from './exhaustive.ts';
import { random } from './random.ts';
import { rl } from './rl.ts';

/** All controllers. To add one: a file in this folder, a line here, a line in test/controllers. */
export const controllers = { random, exhaustive, evolution, rl } satisfies Record<string, ControllerKind>;

export const controllerNames: readonly string[] = Object.keys(controllers);

/** The controller of that name; refuses an unknown one with the nearest known name. */
export function controllerKind(name: string): ControllerKind {
  if (!Object.hasOwn(controllers, name)) {
    throw new ActivationSearchError('config', `unknown controller "${name}".`, {
      hint: `${suggestion(name, controllerNames)} See: npx activation-search controllers`,
    });
  }
  return controllers[name as keyof typeof controllers];
}

/** The options of a controller with defaults filled in; refuses unknown names and values out of range. */
export function controllerOptions(name: string, given: Readonly<Record<string, unknown>>): ControllerOptions {
  const kind = controllerKind(name);
  const known = Object.keys(kind.options.shape);
  for (const option of Object.keys(given)) {
    if (known.includes(option)) continue;
    throw new ActivationSearchError('config', `controller "${name}" has no option "${option}".`, {
      hint: known.length === 0 ? 'It has no options.' : suggestion(option, known),
    });
  }
  const parsed = kind.options.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new ActivationSearchError('config', `controller "${name}": ${z.prettifyError(parsed.error)}`, {
    hint: 'See: npx activation-search controllers',
  });
}
