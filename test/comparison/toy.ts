import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTable } from '../../src/comparison/read-table.ts';
import type { ScoreTable } from '../../src/comparison/score-table.ts';
import { loadSearchSpace, type SearchSpace } from '../../src/search-space/search-space.ts';

/**
 * Eight token sequences; in the order of enumeration: x*x (diverges), 2*x (refused, affine), x*sigmoid(x), x
 * + sigmoid(x), the same two the other way round (known), sigmoid(x)^2, 2*sigmoid(x).
 */
export function toySpace(folder: string): SearchSpace {
  const file = join(folder, 'toy.yaml');
  writeFileSync(file, 'name: toy\nunary: [x, sigmoid(x)]\nbinary: [x1*x2, x1 + x2]\n');
  return loadSearchSpace(file);
}

export const toyCsv = `expression,status,score
x*x,diverged,
x*sigmoid(x),complete,0.1
x + sigmoid(x),complete,-0.2
sigmoid(x)^2,complete,-0.5
2*sigmoid(x),complete,-0.1
`;

export function toyTable(folder: string, csv: string = toyCsv): ScoreTable {
  const file = join(folder, 'toy.csv');
  writeFileSync(file, csv);
  return readTable(file, 'toy.csv');
}
