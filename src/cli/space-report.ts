import { print } from '../expression/notation.ts';
import { checkSpace, type PrimitiveCheck } from '../search-space/check.ts';
import { countSpace } from '../search-space/count.ts';
import type { Estimate } from '../search-space/estimate.ts';
import { listSearchSpaces } from '../search-space/list.ts';
import { sampleCandidates } from '../search-space/sample.ts';
import { describeTokens, type SearchSpace } from '../search-space/search-space.ts';
import { requireUsable } from '../search-space/usable.ts';
import { grouped, percent, plural } from '../terminal/numbers.ts';
import { screenOf } from '../terminal/screen.ts';
import { type Column, tableText } from '../terminal/table.ts';
import { printJson, printLine } from './output.ts';

export interface CountReportOptions {
  readonly sample?: number;
  readonly seed: number;
  readonly json?: boolean;
}

export interface SampleReportOptions {
  readonly count: number;
  readonly seed: number;
  readonly json?: boolean;
}

/** `space list`: a line for each shipped space. */
export function printList(json: boolean): void {
  const spaces = listSearchSpaces();
  if (json) {
    printJson(
      spaces.map((listed) => {
        if ('problem' in listed) return listed;
        return summary(listed.space);
      }),
    );
    return;
  }
  const rows = spaces.map((listed) => {
    if ('problem' in listed) return [listed.name, '', '', '', '', listed.problem];
    const { name, unary, binary, units, size, description } = listed.space;
    return [name, String(unary.length), String(binary.length), String(units), grouped(size), description];
  });
  printLine(
    tableText(
      [
        { heading: 'SPACE' },
        { heading: 'UNARY', align: 'right', leaves: 2 },
        { heading: 'BINARY', align: 'right', leaves: 3 },
        { heading: 'UNITS', align: 'right', leaves: 1 },
        { heading: 'TOKEN SEQUENCES', align: 'right', leaves: 4 },
        { heading: 'DESCRIPTION', narrow: 'wrap' },
      ],
      rows,
      screenOf(),
    ),
  );
}

/** `space check`: the primitives, their notes and warnings. Refuses a space without a usable function. */
export function printCheck(space: SearchSpace, json: boolean): void {
  const { primitives, duplicates, warnings } = checkSpace(space);
  if (json) {
    requireUsable(space);
    printJson({
      ...summary(space),
      primitives: primitives.map(({ primitive, derivatives, notFinite, derivativeError }) => ({
        arity: primitive.arity,
        name: primitive.name,
        formula: primitive.formula,
        note: primitive.note,
        place: primitive.place,
        derivatives,
        notFinite: notFinite.text,
        derivativeError,
      })),
      duplicates,
      warnings,
    });
    return;
  }
  printLine(`${screenOf().colors.bold(space.name)}  ${space.file}`);
  if (space.description) printLine(space.description);
  printLine();
  printPrimitives(
    'UNARY',
    primitives.filter(({ primitive }) => primitive.arity === 1),
  );
  printLine();
  printPrimitives(
    'BINARY',
    primitives.filter(({ primitive }) => primitive.arity === 2),
  );
  const notes = primitives.filter(({ primitive }) => primitive.note !== '');
  if (notes.length > 0) printLine();
  for (const { primitive } of notes) printLine(`${primitive.name}: ${primitive.note}`);
  printLine();
  for (const warning of warnings) printLine(`${screenOf().colors.yellow('warning:')} ${warning}`);
  requireUsable(space);
  const size = `${grouped(space.size)} token sequences of ${plural(space.units, 'core unit')}`;
  const primitiveCounts = `${space.unary.length} unary and ${space.binary.length} binary primitives`;
  printLine(
    `${screenOf().colors.green('usable:')} ${primitiveCounts}, ${size}, ${plural(warnings.length, 'warning')}.`,
  );
}

function printPrimitives(heading: string, checks: readonly PrimitiveCheck[]): void {
  const rows = checks.map(({ primitive, derivatives, notFinite }) => [
    primitive.name,
    primitive.formula === primitive.name ? '' : primitive.formula,
    notFinite.text,
    Object.values(derivatives).slice(0, primitive.arity).join(', '),
  ]);
  const columns: readonly Column[] = [
    { heading, narrow: 'cut' },
    { heading: 'FORMULA', narrow: 'cut', optional: true },
    { heading: 'NOT FINITE', optional: true },
    { heading: heading === 'UNARY' ? 'DERIVATIVE' : 'DERIVATIVES BY x1, x2', narrow: 'wrap' },
  ];
  printLine(tableText(columns, rows, screenOf()));
}

/** `space count`: strings, refused by reason, distinct functions. */
export function printCount(space: SearchSpace, options: CountReportOptions): void {
  const count = countSpace(space, {
    seed: options.seed,
    ...(options.sample === undefined ? {} : { sample: options.sample }),
    ...(process.stderr.isTTY ? { onProgress: showProgress } : {}),
  });
  const { strings, refused, refusedByReason, distinct, sampled } = count;
  if (options.json) {
    const reasons = Object.entries(refusedByReason).map(([code, { value }]) => [code, Math.round(value)]);
    printJson({
      space: space.name,
      units: space.units,
      strings: jsonCount(strings),
      refused: Math.round(refused.value),
      refusedByReason: Object.fromEntries(reasons),
      distinct: Math.round(distinct.value),
      estimated: sampled !== undefined,
      ...(sampled === undefined
        ? {}
        : { sampled, seed: options.seed, refused95: range(refused), distinctAtLeast95: range(distinct) }),
    });
    return;
  }
  const rows = [
    ['token sequences', grouped(strings), `of ${plural(space.units, 'core unit')}`],
    ['refused', ...figure(refused, strings, sampled)],
    ...Object.entries(refusedByReason).map(([code, value]) => [
      `  ${code}`,
      ...figure(value, strings, sampled),
    ]),
    sampled === undefined
      ? ['distinct', grouped(distinct.value), 'different functions among those not refused']
      : [
          'distinct',
          `≥ ${rounded(distinct.value)}`,
          `95%: ${rounded(distinct.low)} to ${rounded(distinct.high)} or more`,
        ],
  ];
  printLine(screenOf().colors.bold(space.name));
  printLine(
    tableText(
      [{ heading: '' }, { heading: '', align: 'right' }, { heading: '', narrow: 'wrap' }],
      rows,
      screenOf(),
    ).trimStart(),
  );
  if (sampled !== undefined) {
    printLine();
    printLine(
      `Estimated from ${grouped(sampled)} token sequences drawn with seed ${options.seed}; --sample N for more.`,
    );
    printLine('The sample only bounds the number of distinct functions from below (Chao1).');
  }
}

/** `space sample`: candidates drawn at random. */
export function printSample(space: SearchSpace, options: SampleReportOptions): void {
  const drawn = [...sampleCandidates(space, options.count, options.seed)];
  if (options.json) {
    printJson(
      drawn.map(({ index, tokens, expression, refusal }) => ({
        index: jsonCount(index),
        tokens,
        expression: print(expression),
        refused: refusal === undefined ? null : refusal,
        units: describeTokens(space, tokens).split('\n'),
      })),
    );
    return;
  }
  const rows = drawn.map(({ index, expression, refusal }) => [
    grouped(index),
    refusal?.code ?? '',
    print(expression),
  ]);
  const columns = [
    { heading: 'NUMBER', align: 'right' },
    { heading: 'REFUSED' },
    { heading: 'CANDIDATE', narrow: 'wrap' },
  ] as const;
  printLine(tableText(columns, rows, screenOf()));
}

function summary({ name, file, description, units, unary, binary, size }: SearchSpace) {
  const counts = { unary: unary.length, binary: binary.length, strings: jsonCount(size) };
  return { name, file, description, units, ...counts };
}

/** A number, or text where JSON's readers would round it. */
function jsonCount(count: bigint): number | string {
  return count <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(count) : count.toString();
}

/** Three significant digits, as much as an estimate is worth. */
function rounded(value: number): string {
  return value >= 1e6
    ? value.toExponential(2).replace('e+', 'e')
    : grouped(Math.round(Number(value.toPrecision(3))));
}

function range({ low, high }: Estimate): [number, number] {
  return [Math.round(low), Math.round(high)];
}

function figure(estimate: Estimate, strings: bigint, sampled: number | undefined): [string, string] {
  const share = (value: number): string => percent(value / Number(strings));
  if (sampled === undefined) return [grouped(estimate.value), share(estimate.value)];
  return [
    rounded(estimate.value),
    `${share(estimate.value)}, 95%: ${share(estimate.low)} to ${share(estimate.high)}`,
  ];
}

function showProgress(share: number): void {
  process.stderr.write(`\rcounting … ${Math.round(100 * share)}%${share >= 1 ? '\r\u001b[K' : ''}`);
}
