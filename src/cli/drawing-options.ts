import type { Command } from 'commander';
import type { StudyOptions } from '../report/plots/plot.ts';
import { databaseOption, type StoreFlags, studyOption } from './store-access.ts';

/** The flags that `plot` and `report` have in common. */
export interface DrawingFlags extends StoreFlags {
  readonly out?: string;
  readonly force?: boolean;
  readonly measure?: boolean;
}

/** Declares these flags; `out` and `measure` say in the help what they mean for the command. */
export function withDrawingOptions(
  command: Command,
  { out, measure }: { readonly out: string; readonly measure: string },
): Command {
  return command
    .addOption(studyOption())
    .option('--out <file>', out)
    .option('--force', 'overwrite a file that exists')
    .option('--measure', measure)
    .addOption(databaseOption());
}

/** What plots and cards are made with. TensorFlow is loaded only where something is measured. */
export async function studyOptions({ measure }: DrawingFlags): Promise<StudyOptions> {
  if (!measure) return {};
  const { nanosecondsAnElement } = await import('../report/speed.ts');
  return { nanoseconds: nanosecondsAnElement };
}
