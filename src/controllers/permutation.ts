import { deriveSeed } from '../random.ts';

const rounds = 8;
const word = (1n << 64n) - 1n;

/**
 * A pseudorandom order of 0 to size - 1 that needs no memory: the index at a position, each exactly once.
 * A balanced Feistel network (Luby and Rackoff, 1988) over the next even number of bits, and cycle walking
 * (Black and Rogaway, 2002) back into the range: on average at most 4 walks a call. Sizes up to 2^256.
 */
export function keyedPermutation(size: bigint, seed: number): (position: bigint) => bigint {
  const bits = Math.max(8, (size - 1n).toString(2).length);
  const half = BigInt(Math.ceil(bits / 2));
  const mask = (1n << half) - 1n;
  const keys = Array.from({ length: rounds }, (_, round) =>
    BigInt.asUintN(64, BigInt(deriveSeed('permutation', seed, round)) * 0x9e3779b97f4a7c15n),
  );
  const encrypt = (value: bigint): bigint => {
    let left = value >> half;
    let right = value & mask;
    for (const key of keys) {
      [left, right] = [right, left ^ (mixed(right, key) & mask)];
    }
    return (left << half) | right;
  };
  return (position) => {
    if (position < 0n || position >= size) throw new RangeError(`position ${position} is not below ${size}`);
    let value = encrypt(position);
    while (value >= size) value = encrypt(value);
    return value;
  };
}

/**
 * 128 well-mixed bits of a half of up to 128 bits: SplitMix64's finalizer (Steele, Lea and Flood, 2014),
 * twice.
 */
function mixed(value: bigint, key: bigint): bigint {
  const low = finalized((value ^ (value >> 64n) ^ key) & word);
  return low | (finalized((low + 0x9e3779b97f4a7c15n) & word) << 64n);
}

function finalized(value: bigint): bigint {
  let z = value;
  z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
  z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
  return z ^ (z >> 31n);
}
