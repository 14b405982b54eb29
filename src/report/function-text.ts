import { derivative } from '../expression/derive.ts';
import { compile } from '../expression/evaluate.ts';
import { parse } from '../expression/notation.ts';
import { curvePlot } from '../terminal/curve-plot.ts';
import { percent, short, signed } from '../terminal/numbers.ts';
import type { Screen } from '../terminal/screen.ts';
import type { FormulaFacts, KnownFacts } from './formula-facts.ts';
import type { FunctionScore, FunctionTrial } from './function-scores.ts';
import type { Limit } from './limits.ts';
import type { Extremum } from './properties.ts';

const plotWidth = 60;
const plotHeight = 16;
const plotPoints = 1001;

/** Facts and plot of a function as lines for a terminal. */
export function factLines(facts: FormulaFacts, screen: Screen): readonly string[] {
  const { properties } = facts;
  const gated = facts.gated ? 'gated: b(x, g(x))' : 'not gated';
  const rows: [string, string][] = [['formula', facts.formula]];
  if (facts.simplified !== facts.formula) rows.push(['simplified', facts.simplified]);
  rows.push(['known as', facts.known ? knownText(facts.known) : 'no function of the catalog']);
  for (const { by, formula } of facts.derivatives) rows.push([`d/d${by}`, formula]);
  if (facts.parameters.length > 0) {
    rows.push([
      'parameters',
      facts.parameters.map(({ name, initial }) => `${name} from ${initial}`).join(', '),
    ]);
  }
  rows.push(
    ['structure', `complexity ${facts.complexity}, ${gated}${symmetry(facts)}`],
    ['on [-5, 5]', `${extremes(properties.minimum, properties.maximum)}; ${monotone[properties.monotone]}`],
    ['at 0', properties.atZero === 0 ? '0' : short(properties.atZero)],
    ['limits', limits(properties.atMinusInfinity, properties.atInfinity, screen.unicode)],
    ['fingerprint', facts.fingerprint],
  );
  if (facts.fragile !== '') {
    rows.push(['warning', `lost in float32 for ${facts.fragile}, where the function is finite: overflow`]);
  }
  if (facts.refusal) rows.push(['refused', facts.refusal.reason]);
  const { colors } = screen;
  return [
    ...rows.map(([name, text]) => `${colors.dim(name.padEnd(12))}${text}`),
    '',
    ...plotLines(facts, screen),
  ];
}

/** Name, kind of match, source and year. */
export function knownText({ match, source, year }: KnownFacts): string {
  return `${match} (${source}, ${year})`;
}

/** f and f' over [-5, 5]. */
function plotLines(facts: FormulaFacts, screen: Screen): readonly string[] {
  const x = Float64Array.from({ length: plotPoints }, (_, index) => -5 + (10 * index) / (plotPoints - 1));
  // Derived anew: the derivative's text may be longer than a formula is allowed to be.
  const f = parse(facts.simplified);
  const plot = curvePlot(
    [
      { values: compile(f)(x), style: 'solid' },
      { values: compile(derivative(f, 'x'))(x), style: 'dashed' },
    ],
    { from: -5, to: 5, width: Math.min(plotWidth, screen.width), height: plotHeight - 1 },
    screen,
  );
  const { colors, unicode } = screen;
  const [solid, dashed] = unicode ? ['⣀⣀⣀', '⡀⢀ '] : ['***', '...'];
  return [`       ${colors.green(`${solid} f`)}   ${colors.yellow(`${dashed} f'`)}`, ...plot];
}

/** How a function did in each study, as lines for a terminal. */
export function scoreLines(scores: readonly FunctionScore[], screen: Screen): readonly string[] {
  return scores.flatMap((one) => ['', heading(one, screen), ...one.trials.flatMap(trialLines)]);
}

function heading(one: FunctionScore, { colors }: Screen): string {
  const who = `candidate ${one.id}${one.name ? `, the baseline ${one.name}` : ''}`;
  const place = one.rank === null ? one.status : `rank ${one.rank} of ${one.ranked}`;
  const interval = {
    measured: ` (${signed(one.low ?? 0)} to ${signed(one.high ?? 0)})`,
    reference: '',
    bound: ' (at its clip: a bound)',
    none: ' (one seed, or all seeds agree: no interval)',
  }[one.interval ?? 'reference'];
  const score = one.score === null ? '' : `, score ${signed(one.score)}${interval}`;
  const errors = one.versusRelu === null ? '' : `, ${percent(one.versusRelu, 2)} of ReLU's errors`;
  const why = one.reason === null ? '' : `: ${one.reason}`;
  const rung = one.rungs > 1 && one.rung !== null ? ` on rung ${one.rung} of ${one.rungs}` : '';
  return `${colors.bold(one.study)}: ${who}: ${place}${rung}${score}${errors}${why}`;
}

function trialLines(trial: FunctionTrial): readonly string[] {
  const { id, child, seed, steps, status, reason, seconds } = trial;
  const { validationAccuracy, validationLoss, testAccuracy, metric, versusRelu } = trial;
  const outcome =
    status !== 'complete'
      ? `${status}: ${reason ?? ''}`
      : [
          metric === null ? '' : `metric ${short(metric)}`,
          validationAccuracy === null ? '' : `accuracy ${percent(validationAccuracy, 2)}`,
          validationLoss === null ? '' : `loss ${validationLoss.toFixed(4)}`,
          versusRelu === null ? '' : `errors ${percent(versusRelu, 2)} of ReLU's`,
          testAccuracy === null ? '' : `accuracy on the test split ${percent(testAccuracy, 2)}`,
        ]
          .filter((text) => text !== '')
          .join(', ');
  const line = `  ${child}, seed ${seed}, ${steps} steps: ${outcome}, ${seconds.toFixed(1)} s (trial ${id})`;
  return [line, ...learnedLines(trial)];
}

function learnedLines({ learned }: FunctionTrial): readonly string[] {
  return Object.entries(learned ?? {}).map(([name, layers]) => {
    const low = Math.min(...layers.map(({ minimum }) => minimum));
    const high = Math.max(...layers.map(({ maximum }) => maximum));
    const channels = layers.reduce((sum, layer) => sum + layer.channels, 0);
    const mean = layers.reduce((sum, layer) => sum + layer.mean * layer.channels, 0) / channels;
    return `    ${name} after training: mean ${short(mean)}, from ${short(low)} to ${short(high)}, ${channels} values in ${layers.length} layers`;
  });
}

const monotone = {
  rising: 'never falls',
  falling: 'never rises',
  constant: 'constant',
  no: 'not monotone',
} as const;

function symmetry({ properties: { odd, even } }: FormulaFacts): string {
  if (odd && !even) return ', odd';
  return even && !odd ? ', even' : '';
}

function extremes(minimum: Extremum | null, maximum: Extremum | null): string {
  if (!minimum || !maximum) return 'nowhere finite';
  const at = ({ x, value }: Extremum): string => `${short(value)} (at ${short(x)})`;
  return `from ${at(minimum)} to ${at(maximum)}`;
}

function limits(left: Limit, right: Limit, unicode: boolean): string {
  const infinity = unicode ? '∞' : 'inf';
  const arrow = unicode ? '→' : '->';
  const text = (limit: Limit): string => {
    if (limit.kind === 'none') return 'none';
    if (limit.kind === 'finite') return short(limit.value);
    const slope = limit.slope === null ? '' : ` with slope ${short(limit.slope)}`;
    return `${limit.sign < 0 ? '-' : ''}${infinity}${slope}`;
  };
  const slopeSign = (limit: Limit): Limit =>
    limit.kind === 'infinite' && limit.slope !== null ? { ...limit, slope: -limit.slope } : limit;
  return `x ${arrow} -${infinity}: ${text(slopeSign(left))}; x ${arrow} ${infinity}: ${text(right)}`;
}
