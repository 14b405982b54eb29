import { Command } from 'commander';
import { ActivationSearchError } from '../../errors.ts';
import type { WorkerNotice } from '../../queue/queue-messages.ts';
import { listWorkers } from '../../queue/worker-list.ts';
import { durationText } from '../../terminal/duration.ts';
import { screenOf } from '../../terminal/screen.ts';
import { tableText } from '../../terminal/table.ts';
import { printJson, printLine } from '../output.ts';
import { jsonOption } from '../store-access.ts';
import { connectOption, serverOf } from '../study-runner.ts';

interface WorkersFlags {
  readonly connect?: string;
  readonly json?: boolean;
}

/** `workers --connect URL`. */
export function workersCommand(): Command {
  return new Command('workers')
    .description('Lists the workers of a server: machines, cores, arithmetic, what each trains, since when.')
    .addOption(connectOption('the server: redis://HOST:PORT, rediss://HOST:PORT (TLS) or unix:/PATH'))
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  npx activation-search workers --connect redis://127.0.0.1:6399')
    .action(list);
}

async function list({ connect, json }: WorkersFlags): Promise<void> {
  const server = await serverOf(connect);
  if (!server) {
    throw new ActivationSearchError('usage', 'workers needs the server that they are connected to.', {
      hint: 'Name it: npx activation-search workers --connect redis://HOST:PORT',
    });
  }
  const client = server.connect();
  try {
    const workers = [...(await listWorkers(client)).values()];
    if (json) printJson(workers);
    else print(workers, server.address.shown);
  } finally {
    client.disconnect();
  }
}

function print(workers: readonly WorkerNotice[], address: string): void {
  if (workers.length === 0) {
    printLine(`no worker is connected to ${address}`);
    return;
  }
  const right = { align: 'right' } as const;
  const columns = [
    { heading: 'machine' },
    { heading: 'process', ...right },
    { heading: 'cores', ...right, leaves: 1 },
    { heading: 'at a time', ...right, leaves: 2 },
    { heading: 'for', ...right, leaves: 3 },
    { heading: 'study' },
    { heading: 'trains', narrow: 'wrap' as const },
  ];
  printLine(tableText(columns, workers.map(cellsOf), screenOf()));
  for (const { machine, pid, arithmetic, refused } of workers) {
    if (arithmetic) {
      const { tensorflow, node, cpu, cpuFlags } = arithmetic;
      printLine(`${machine} ${pid}: TensorFlow ${tensorflow}, Node ${node}, ${cpu}, ${cpuFlags.join(' ')}`);
    }
    for (const { name, reason } of refused) printLine(`${machine} ${pid} may not train "${name}": ${reason}`);
  }
}

function cellsOf({ machine, pid, cores, places, seconds, studies, trains }: WorkerNotice): readonly string[] {
  const running = trains.map(({ expression, child, step, steps }) => {
    return `${expression} on ${child} (${Math.floor((100 * step) / steps)}%)`;
  });
  return [
    machine,
    String(pid),
    String(cores),
    String(places),
    durationText(seconds),
    studies.map(({ name }) => name).join(', ') || 'waits',
    running.join('; '),
  ];
}
