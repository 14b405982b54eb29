import { z } from 'zod';
import { inlineRecipes } from '../children/recipe.ts';
import { childObject, childReference } from './ladder-settings.ts';
import { settingFacts, settingKeys, studySettings } from './study-settings.ts';

/** JSON Schema of study files, for editors. */
export function settingsSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(studySettings, {
      io: 'input',
      override: ({ zodSchema, jsonSchema }) => {
        if (zodSchema !== childObject) return;
        for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
        jsonSchema.anyOf = [childReference, ...Object.values(inlineRecipes)].map(
          (schema) => z.toJSONSchema(schema, { io: 'input' }) as typeof jsonSchema,
        );
      },
    }),
    title: 'Study of activation-search',
    description:
      'One search: space, controller, children, budget. Run it with: npx activation-search search FILE',
  };
}

/** The table of all settings in docs/studies.md, in Markdown. */
export function settingsTable(): string {
  const rows = settingKeys.map((key) => {
    const { flags, help, usual, changeable } = settingFacts(key);
    const shown = flags.map(({ spec }) => `\`${spec.replaceAll('|', '\\|')}\``).join(', ');
    return `| \`${key}\` | ${shown} | ${help.replaceAll('|', '\\|')} | ${usual} | ${changeable ? 'may change' : ''} |`;
  });
  const head = '| key | flags | what it is | if not given | on resume |\n| --- | --- | --- | --- | --- |';
  return `${head}\n${rows.join('\n')}\n`;
}
