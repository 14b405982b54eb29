import { shippedRecipe } from '../src/children/load.ts';
import { silentLogger } from '../src/logger.ts';
import { QueueRunner } from '../src/queue/queue-runner.ts';
import type { QueueServer } from '../src/queue/server-connection.ts';
import type { QueueStudy } from '../src/queue/study-claim.ts';

/** The coordinator's side of the benches: a study of tiny networks. */
export function openBenchRunner(
  server: QueueServer,
  facts: Pick<QueueStudy, 'networks' | 'datasets'>,
): Promise<QueueRunner> {
  const study: QueueStudy = {
    key: '0'.repeat(32),
    database: '0'.repeat(32),
    study: 'bench',
    commands: [],
    mixed: false,
    recipes: { 'tiny-synthetic': shippedRecipe('tiny-synthetic') },
    arithmetic: undefined,
    activation: 'composed',
    precision: 'float32',
    ...facts,
  };
  return QueueRunner.open(server, study, { logger: silentLogger, onNews: () => undefined });
}
