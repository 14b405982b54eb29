import { type DerivativeSteps, operatorTable } from '../expression/operators.ts';
import type { Graph } from './graph.ts';
import type { NodeId } from './graph-node.ts';

/**
 * Steps of derivatives in a graph, backwards: `d` is the gradient by a value, so that it comes before the
 * slope on the way from the whole function. A gradient of 0 stays 0 whatever the slope; an infinite gradient,
 * which the slope of a root makes, becomes 0 where the next slope is 0. Guards for both stand where intervals
 * cannot exclude the case.
 */
export function gradientSteps(graph: Graph): DerivativeSteps<NodeId> {
  const { facts } = graph;
  const steep = new Map<NodeId, boolean>();
  /** Whether a root of 0 may have made a gradient infinite. */
  const isSteep = (id: NodeId): boolean => {
    let known = steep.get(id);
    if (known === undefined) {
      const node = graph.nodes[id];
      known = node?.kind === 'step' && node.operands.some(isSteep);
      steep.set(id, known);
    }
    return known;
  };
  /** The gradient, but 0 where the slope is. */
  const calm = (d: NodeId, slope: () => NodeId): NodeId => {
    if (!isSteep(d)) return d;
    const gate = slope();
    return facts.mayBeZero(gate) ? graph.gated(d, gate) : d;
  };
  /** The slope, but 0 where the gradient is. */
  const finite = (slope: NodeId, d: NodeId): NodeId =>
    facts.mayBeInfinite(slope) && facts.mayBeZero(d) ? graph.gated(slope, d) : slope;
  const chain = (slope: NodeId, d: NodeId) =>
    graph.masked(
      slope,
      calm(d, () => slope),
    );
  const chainFinite = (slope: NodeId, d: NodeId) =>
    graph.mul(
      finite(slope, d),
      calm(d, () => slope),
    );
  return {
    ...operatorTable(
      (name) =>
        (a: NodeId, b = a) =>
          graph.apply(name, a, b),
    ),
    number: (value) => graph.literal(value),
    chain,
    chainFinite,
    chainSteep: (slope, d) => {
      const part = chain(slope, d);
      if (facts.mayBeInfinite(slope)) steep.set(part, true);
      return part;
    },
    over: (d, divisor, factor) => {
      const ofOne = graph.div(d, divisor);
      const whole = facts.mayBeZero(divisor) && facts.mayBeZero(d) ? graph.gated(ofOne, d) : ofOne;
      if (factor === undefined) return whole;
      return graph.mul(facts.mayBeZero(d) ? finite(factor, whole) : factor, whole);
    },
    overVanishing: (factor, d, divisor) => {
      const scaled = graph.mul(d, graph.literal(factor));
      const part = graph.div(scaled, divisor);
      if (!facts.mayBeZero(divisor)) return part;
      const guarded = graph.gated(part, scaled);
      steep.set(guarded, true);
      return guarded;
    },
    overGrowing: (d, divisor) => graph.div(d, divisor),
    tanhSlope: (y, d) => {
      const slope = () => graph.sub(graph.literal(1), graph.unary('square', y));
      return graph.slope('tanh_slope', y, calm(d, slope));
    },
    sigmoidSlope: (y, d) => {
      const slope = () => graph.mul(y, graph.sub(graph.literal(1), y));
      return graph.slope('sigmoid_slope', y, calm(d, slope));
    },
    split: (a, b, d) => {
      if (isSteep(d)) {
        const part = (one: NodeId, other: NodeId) => chain(graph.unary('step', graph.sub(one, other)), d);
        return [part(a, b), part(b, a)];
      }
      const ofA = graph.share(a, b, d);
      return [ofA, graph.sub(d, ofA)];
    },
  };
}
