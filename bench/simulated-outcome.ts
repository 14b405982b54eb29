import type { TrialOutcome, TrialRequest } from '../src/trial/protocol.ts';

type Complete = Extract<TrialOutcome, { status: 'complete' }>;

/** The outcome of a training that takes no time and ends with a loss; it diverges where that is null. */
export function simulatedLoss(request: TrialRequest, loss: number | null): TrialOutcome {
  const { measures, ...common } = simulatedOutcome(request);
  if (loss === null) return { ...common, status: 'diverged', reason: 'simulated' };
  return {
    ...common,
    curve: [{ step: request.steps, trainingLoss: loss }],
    measures: { ...measures, validationLoss: loss },
  };
}

/** The outcome of a training that takes no time, as large as that of a real one. */
export function simulatedOutcome(request: TrialRequest): Complete {
  return {
    id: request.id,
    status: 'complete',
    seconds: 0,
    steps: request.steps,
    curve: Array.from({ length: 10 }, (_, index) => ({ step: index * 6, trainingLoss: 1 / (index + 1) })),
    measures: {
      validationAccuracy: 0.5 + 0.4 * Math.abs(Math.sin(request.id)),
      validationLoss: 0.7,
      trainingLoss: 0.6,
      weightsHash: request.id.toString(16).padStart(64, '0'),
      parameterCount: 4000,
      learned: {},
    },
    arithmetic: {
      tensorflow: 'none',
      node: process.versions.node,
      cpu: 'none',
      cpuFlags: [],
      threads: 1,
      oneDnn: true,
      activation: request.activation,
      precision: request.precision,
    },
  };
}
