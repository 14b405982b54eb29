import { functions, reserved } from './names.ts';
import type { TokenReader } from './token-reader.ts';

/** Reads all `name[initial value]` ahead, so that each occurrence of the name has the same. */
export function readInitialValues(reader: TokenReader): ReadonlyMap<string, number> {
  const initials = new Map<string, number>();
  const { tokens } = reader;
  tokens.forEach((token, index) => {
    if (token.kind !== 'name' || tokens[index + 1]?.text !== '[') return;
    const rest = tokens.slice(index + 2, index + 5);
    const sign = rest[0]?.text === '-' ? -1 : 1;
    const [value, close] = sign === -1 ? rest.slice(1) : rest;
    if (value?.kind !== 'number' || close?.text !== ']') {
      const hint = `Write a number between the brackets, such as ${token.text}[0.25].`;
      throw reader.error(value ?? token, `the initial value of ${token.text} is not a number`, hint);
    }
    if (functions.has(token.text) || reserved.includes(token.text)) {
      throw reader.error(token, `${token.text} has no initial value`, 'Only a parameter has one.');
    }
    const initial = sign * Number(value.text);
    const earlier = initials.get(token.text);
    if (earlier !== undefined && earlier !== initial) {
      const message = `${token.text} has two initial values, ${earlier} and ${initial}`;
      throw reader.error(token, message, 'The same name is the same parameter; rename one.');
    }
    initials.set(token.text, initial);
  });
  return initials;
}
