import type { TrialOutcome, TrialRequest } from '../src/trial/protocol.ts';

/** The outcome of a training that takes no time, as large as that of a real one. */
export function simulatedOutcome(request: TrialRequest): TrialOutcome {
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
