import type { Command } from 'commander';

interface LazyCommand {
  readonly summary: string;
  /** Imported only when the command runs, so that help and small commands start at once. */
  readonly load: () => Promise<Command>;
}

/** All commands, in the order of the help. To add one: a file in commands/ and a line here. */
export const commands = {
  search: {
    summary: 'start a study: propose candidates, train them, rank them',
    load: async () => (await import('./commands/search.ts')).searchCommand(),
  },
  resume: {
    summary: 'go on with a study after any end',
    load: async () => (await import('./commands/resume.ts')).resumeCommand(),
  },
  leaderboard: {
    summary: 'the ranking of a study, as table, JSON, CSV or Markdown',
    load: async () => (await import('./commands/leaderboard.ts')).leaderboardCommand(),
  },
  dashboard: {
    summary: 'show studies in a browser while they run and after',
    load: async () => (await import('./commands/dashboard.ts')).dashboardCommand(),
  },
  query: {
    summary: 'read-only SQL over the documented views',
    load: async () => (await import('./commands/query.ts')).queryCommand(),
  },
  show: {
    summary: 'all about one candidate or formula',
    load: async () => (await import('./commands/show.ts')).showCommand(),
  },
  recognize: {
    summary: 'which known function a formula is',
    load: async () => (await import('./commands/recognize.ts')).recognizeCommand(),
  },
  plot: {
    summary: 'draw a study or functions as SVG or PNG',
    load: async () => (await import('./commands/plot.ts')).plotCommand(),
  },
  report: {
    summary: 'write a study as one HTML file',
    load: async () => (await import('./commands/report.ts')).reportCommand(),
  },
  export: {
    summary: 'write a function as PyTorch, JAX, Keras, ONNX, C and more',
    load: async () => (await import('./commands/export.ts')).exportCommand(),
  },
  evaluate: {
    summary: 'train given formulas on children and compare them',
    load: async () => (await import('./commands/evaluate.ts')).evaluateCommand(),
  },
  compare: {
    summary: 'compare functions on the blocks they share, and train more of them',
    load: async () => (await import('./commands/compare.ts')).compareCommand(),
  },
  confirm: {
    summary: "train a study's leaders on fresh seeds until their verdicts are in",
    load: async () => (await import('./commands/confirm.ts')).confirmCommand(),
  },
  fidelity: {
    summary: "how well short trainings rank the paper's functions, against their seconds",
    load: async () => (await import('./commands/fidelity.ts')).fidelityCommand(),
  },
  study: {
    summary: 'list, rename, delete and copy stored studies',
    load: async () => (await import('./commands/study.ts')).studyCommand(),
  },
  trial: {
    summary: 'look at single trainings; repeat one bit for bit',
    load: async () => (await import('./commands/trial.ts')).trialCommand(),
  },
  space: {
    summary: 'list, check, count and sample search spaces',
    load: async () => (await import('./commands/space.ts')).spaceCommand(),
  },
  children: {
    summary: 'list, show and check children: what candidates are trained on',
    load: async () => (await import('./commands/children.ts')).childrenCommand(),
  },
  controllers: {
    summary: 'list the controllers and their options; compare them on stored scores',
    load: async () => (await import('./commands/controllers.ts')).controllersCommand(),
  },
  data: {
    summary: 'list, fetch and import data sets',
    load: async () => (await import('./commands/data.ts')).dataCommand(),
  },
  worker: {
    summary: 'train for studies of other machines, over a server',
    load: async () => (await import('./commands/worker.ts')).workerCommand(),
  },
  workers: {
    summary: 'list the workers of a server',
    load: async () => (await import('./commands/workers.ts')).workersCommand(),
  },
  setup: {
    summary: 'build and fetch what is missing here',
    load: async () => (await import('./commands/setup.ts')).setupCommand(),
  },
  doctor: {
    summary: 'check this installation and say what is wrong',
    load: async () => (await import('./commands/doctor.ts')).doctorCommand(),
  },
} satisfies Record<string, LazyCommand>;

export type CommandName = keyof typeof commands;
