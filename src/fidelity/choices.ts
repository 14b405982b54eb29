import { Random } from '../random.ts';

/** All choices are taken where there are no more than this; of more, so many at random. */
const mostChoices = 200;

/** Different ways to choose `count` of the numbers below `size`, each in ascending order. */
export function choicesOf(size: number, count: number): readonly (readonly number[])[] {
  return waysToChoose(size, count) <= mostChoices ? allChoices(size, count) : someChoices(size, count);
}

function waysToChoose(size: number, count: number): number {
  let ways = 1;
  for (let taken = 0; taken < count; taken++) ways *= (size - taken) / (taken + 1);
  return Math.round(ways);
}

function allChoices(size: number, count: number, from = 0): number[][] {
  if (count === 0) return [[]];
  const chosen: number[][] = [];
  for (let first = from; first <= size - count; first++) {
    for (const rest of allChoices(size, count - 1, first + 1)) chosen.push([first, ...rest]);
  }
  return chosen;
}

function someChoices(size: number, count: number): number[][] {
  const random = Random.fromSeed('choices of seeds', size, count);
  const numbers = Array.from({ length: size }, (_, index) => index);
  const chosen = new Map<string, number[]>();
  while (chosen.size < mostChoices) {
    const choice = random
      .shuffle([...numbers])
      .slice(0, count)
      .sort((a, b) => a - b);
    chosen.set(choice.join(), choice);
  }
  return [...chosen.values()];
}
