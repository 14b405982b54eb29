import { createHash } from 'node:crypto';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { JumpableRandomGenerator } from 'pure-rand/types/JumpableRandomGenerator';

/** State of a generator, as stored with a study. */
export type RandomState = readonly number[];

/**
 * A 32-bit seed that depends on all parts and on nothing else: `deriveSeed(studySeed, 'weights', 3)`.
 * Different parts give independent streams.
 */
export function deriveSeed(...parts: readonly (string | number)[]): number {
  return createHash('sha256').update(JSON.stringify(parts)).digest().readInt32LE(0);
}

/** The only source of randomness: xoroshiro128+, seeded, with a state that can be stored and restored. */
export class Random {
  readonly #generator: JumpableRandomGenerator;

  private constructor(generator: JumpableRandomGenerator) {
    this.#generator = generator;
  }

  static fromSeed(...parts: readonly (string | number)[]): Random {
    return new Random(xoroshiro128plus(deriveSeed(...parts)));
  }

  static fromState(state: RandomState): Random {
    return new Random(xoroshiro128plusFromState(state));
  }

  state(): RandomState {
    return [...this.#generator.getState()];
  }

  /** A whole number from 0 to count - 1. */
  index(count: number): number {
    return uniformInt(this.#generator, 0, count - 1);
  }

  /** A number in [0, 1). */
  uniform(): number {
    return uniformFloat64(this.#generator);
  }

  /** A standard normal number, by Box and Muller (1958); takes two uniform numbers. */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('cannot pick from an empty list');
    return items[this.index(items.length)] as T;
  }

  /** Shuffles in place (Fisher and Yates, 1938) and returns the same array. */
  shuffle<T extends { length: number; [index: number]: number } | unknown[]>(items: T): T {
    const list = items as unknown[];
    for (let last = list.length - 1; last > 0; last--) {
      const other = this.index(last + 1);
      const held = list[last];
      list[last] = list[other];
      list[other] = held;
    }
    return items;
  }
}
