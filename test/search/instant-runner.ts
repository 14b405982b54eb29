import { deriveSeed } from '../../src/random.ts';
import type { TrialRunner } from '../../src/search/run-study.ts';
import type { TrialOutcome, TrialRequest } from '../../src/trial/protocol.ts';

export interface InstantOptions {
  /** Which requests diverge instead of completing. */
  readonly diverges?: (request: TrialRequest) => boolean;
  /** The validation loss of a request, where accuracy is not to decide it. */
  readonly loss?: (request: TrialRequest) => number | undefined;
  /** Called before each outcome; may wait. */
  readonly before?: (request: TrialRequest) => Promise<void> | void;
}

/**
 * A runner for trials that take no time: accuracy and loss depend on expression, child, seed and steps alone,
 * as those of a real training do. ReLU is right on 60% everywhere.
 */
export function instantRunner(options: InstantOptions = {}): TrialRunner & { readonly ran: TrialRequest[] } {
  const ran: TrialRequest[] = [];
  return {
    ran,
    async run(request, { signal }) {
      await options.before?.(request);
      signal.throwIfAborted();
      ran.push(request);
      return outcomeOf(request, options.diverges?.(request) ?? false, options.loss?.(request));
    },
  };
}

function outcomeOf(request: TrialRequest, diverges: boolean, loss: number | undefined): TrialOutcome {
  const arithmetic = {
    tensorflow: 'none',
    node: process.versions.node,
    cpu: 'none',
    cpuFlags: [],
    threads: 1,
    oneDnn: false,
    activation: request.activation,
    precision: request.precision,
  };
  const common = { id: request.id, seconds: 0, arithmetic };
  if (diverges) {
    return { ...common, steps: 6, curve: [], status: 'diverged', reason: 'loss is NaN at step 7' };
  }
  const draw = (deriveSeed(request.expression, request.child, request.seed, request.steps) >>> 0) / 2 ** 32;
  const curve = Array.from({ length: request.steps }, (_, index) => ({
    step: index + 1,
    trainingLoss: draw,
  }));
  const bound = request.earlyStop?.bounds?.find(({ loss }) => draw > loss);
  if (bound) {
    const reason = `loss is above the bound ${bound.loss}`;
    return {
      ...common,
      steps: bound.step,
      curve: curve.slice(0, bound.step),
      status: 'stopped-early',
      reason,
    };
  }
  const validationAccuracy = request.expression === 'max(x, 0)' ? 0.6 : 0.1 + 0.8 * draw;
  return {
    ...common,
    steps: request.steps,
    curve,
    status: 'complete',
    measures: {
      validationAccuracy,
      validationLoss: loss ?? -Math.log(validationAccuracy),
      trainingLoss: 1,
      weightsHash: draw.toString(16),
      parameterCount: 10,
      learned: {},
    },
  };
}
