import { type Expression, fold } from '../../src/expression/expression.ts';
import { operatorFor } from '../../src/expression/operators.ts';

/** A value in float64 and how far a careful float32 computation of the same formula may be from it. */
export interface Reference {
  readonly value: number;
  readonly error: number;
  /** Every intermediate value is a normal number of float32, so that `error` holds. */
  readonly inRange: boolean;
}

/** Half a unit in the last place of float32, relative. */
const epsilon = 2 ** -24;
/** What one operator may add, in halves of a unit in the last place: the worst kernel with some room. */
const operatorError = 12;
const largest = 3e38;
const smallest = 1e-36;

/**
 * Running error analysis: each operator moves its operands' errors on, as far as its value changes when they
 * are applied, and adds its own. x and parameters must be float32 numbers.
 */
export function reference(
  expression: Expression,
  x: number,
  parameters: Readonly<Record<string, number>> = {},
): Reference {
  return fold<Reference>(expression, {
    number: ({ value }) => ({ value, error: Math.abs(value - Math.fround(value)), inRange: true }),
    variable: () => ({ value: x, error: 0, inRange: true }),
    parameter: ({ name, initial }) => ({ value: parameters[name] ?? initial, error: 0, inRange: true }),
    call: ({ operator }, operands) => {
      const { evaluate } = operatorFor(operator);
      const [a, b = { value: 0, error: 0, inRange: true }] = operands as [Reference, Reference?];
      const value = evaluate(a.value, b.value);
      let moved = 0;
      for (const da of [-a.error, a.error]) {
        for (const db of [-b.error, b.error]) {
          moved = Math.max(moved, Math.abs(evaluate(a.value + da, b.value + db) - value));
        }
      }
      const size = Math.abs(value);
      const normal = Number.isFinite(value) && size < largest && (size > smallest || value === 0);
      return {
        value,
        error: moved + operatorError * epsilon * size,
        inRange: normal && Number.isFinite(moved) && a.inRange && b.inRange,
      };
    },
  });
}
