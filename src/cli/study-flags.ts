import { type Command, Option } from 'commander';
import { ActivationSearchError } from '../errors.ts';
import type { FlagSettings } from '../search/read-settings.ts';
import {
  renamedSettings,
  type SettingFlag,
  type SettingKey,
  settingFacts,
  settingKeys,
} from '../search/study-settings.ts';
import { isNameOrPath, ListOption } from './list-option.ts';

/** What commander read: the text of flags with a value, true or false for the others. */
export type Flags = Readonly<Record<string, unknown>>;

/**
 * Adds the flags of settings to a command; `usual` says what a setting is there without its flag, if not as
 * in a study.
 */
export function addSettingFlags(
  command: Command,
  keys: readonly SettingKey[] = settingKeys,
  usual: { readonly [Key in SettingKey]?: string } = {},
): Command {
  for (const key of keys) {
    const facts = settingFacts(key);
    for (const flag of facts.flags) {
      const isWhole = flag.part === undefined && flag.spec.includes('<');
      const normal = isWhole ? ` (default: ${usual[key] ?? facts.usual})` : '';
      command.addOption(optionOf(flag, helpText(flag.help ?? facts.help) + normal));
    }
  }
  return command;
}

function optionOf({ spec, read }: SettingFlag, help: string): Option {
  if (spec.endsWith('...>')) return new ListOption(spec, help, isNameOrPath);
  const option = new Option(spec, help);
  return read ? option.argParser((given, before) => read(given, before as object | undefined)) : option;
}

/** A sentence in the manner of help texts: a small letter, and no full stop at the end. */
function helpText(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1).replace(/\.$/, '');
}

/** The settings that flags gave. */
export function settingsOf(flags: Flags): Required<FlagSettings> {
  const whole: Record<string, unknown> = {};
  const parts: Record<string, Record<string, unknown>> = {};
  for (const key of settingKeys) {
    for (const { spec, part } of settingFacts(key).flags) {
      const value = flags[new Option(spec).attributeName()];
      if (value === undefined) continue;
      if (part === undefined) whole[key] = value;
      else parts[key] = { ...parts[key], [part]: value };
    }
  }
  return { whole, parts };
}

/** Adds hidden flags that are refused with the new name of their setting. */
export function refuseRenamedFlags(command: Command): Command {
  for (const [old, name] of Object.entries(renamedSettings)) {
    const refuse = (value: string): never => {
      throw new ActivationSearchError('usage', `--${old} is called --${name} now.`, {
        hint: `Give --${name} ${value}`,
      });
    };
    command.addOption(new Option(`--${old} <value>`).argParser(refuse).hideHelp());
  }
  return command;
}

/**
 * Adds hidden flags of settings that a study keeps once it is begun. They are refused for that reason, and
 * not as misspellings.
 */
export function refuseKeptFlags(command: Command): Command {
  const kept = settingKeys.filter((key) => key !== 'db' && !settingFacts(key).changeable);
  const names = kept.flatMap((key) =>
    settingFacts(key).flags.map(({ spec }) => spec.split(' ')[0] as string),
  );
  for (const name of names) {
    command.addOption(new Option(`${name} [value...]`).hideHelp());
    command.on(`option:${name.slice(2)}`, () => {
      throw new ActivationSearchError('usage', `${name}: a study keeps what decides its results.`, {
        hint: `Go on without it, or start another study: npx activation-search search ${name} … --study NAME`,
      });
    });
  }
  return command;
}
