import type { CommandTable } from './add-commands.ts';

/** Every command in the order of `--help`; its module is loaded when it is the one on the command line. */
export const commands: CommandTable = {
  quickstart: {
    summary: 'find winning tickets of 243 weights that learn to read digits, in a few minutes',
    build: async () => (await import('./quickstart.ts')).quickstartCommand,
  },
  run: {
    summary: 'find a ticket, train it, and tell how good it is',
    build: async () => (await import('./run.ts')).runCommand,
  },
  resume: {
    summary: 'go on with a run as its folder describes it',
    build: async () => (await import('./resume.ts')).resumeCommand,
  },
  objective: {
    summary: 'the value of objectives for a network under a mask, on one batch',
    build: async () => (await import('./objective.ts')).objectiveCommand,
  },
  score: {
    summary: 'score the weights of a network as a pruning method does, on one batch',
    build: async () => (await import('./score.ts')).scoreCommand,
  },
  study: {
    summary: 'plan and carry out many runs that a file describes',
    build: async () => (await import('./study.ts')).studyCommand,
  },
  watch: {
    summary: 'a page in the browser that shows runs while they are under way',
    build: async () => (await import('./watch.ts')).watchCommand,
  },
  report: {
    summary: 'set finished runs side by side: accuracy against density, minutes, a picture',
    build: async () => (await import('./report.ts')).reportCommand,
  },
  results: {
    summary: 'finished runs as one table for programs and papers, with means and tests',
    build: async () => (await import('./results.ts')).resultsCommand,
  },
  figure: {
    summary: 'draw finished runs for a paper: PDF, SVG or PNG, with the numbers as CSV',
    build: async () => (await import('./figure.ts')).figureCommand,
  },
  check: {
    summary: 'check that a ticket trains better than what shuffling or inverting makes of it',
    build: async () => (await import('./check.ts')).checkCommand,
  },
  compare: {
    summary: "the objective values that methods' tickets reach, beside what finding them costs",
    build: async () => (await import('./compare.ts')).compareCommand,
  },
  freeze: {
    summary:
      'fix the normalisation of a finished run for deployment, so that predictions do not depend on their batch',
    build: async () => (await import('./freeze.ts')).freezeCommand,
  },
  predict: {
    summary: 'what the network of a finished run takes images for',
    build: async () => (await import('./predict.ts')).predictCommand,
  },
  export: {
    summary:
      'write the network of a finished run for PyTorch, ONNX, browsers or sparse matrices, or its mask',
    build: async () => (await import('./export.ts')).exportCommand,
  },
  import: {
    summary: "read weights of PyTorch, or a ticket of the authors' HDF5 files",
    build: async () => (await import('./import.ts')).importCommand,
  },
  inspect: {
    summary: 'tell what a ticket keeps, layer by layer, and what it saves',
    build: async () => (await import('./inspect.ts')).inspectCommand,
  },
  data: {
    summary: 'download data sets, check them, and measure how fast they are read',
    build: async () => (await import('./data.ts')).dataCommand,
  },
  plugin: {
    summary: 'start a package with an objective, pruner, model or data set of your own',
    build: async () => (await import('./plugin.ts')).pluginCommand,
  },
  list: {
    summary:
      'list objectives, pruners, models, data sets, observers, export formats and backends; or runs',
    build: async () => (await import('./list.ts')).listCommand,
  },
  backend: {
    summary: 'install TensorFlow or WebGPU as a backend, remove it, and tell what it lacks',
    build: async () => (await import('./backend.ts')).backendCommand,
  },
  doctor: {
    summary: 'tell what this machine offers, and which backends start',
    build: async () => (await import('./doctor.ts')).doctorCommand,
  },
  bench: {
    summary: 'time the steps of training, of a search, or of inference on this machine',
    build: async () => (await import('./bench.ts')).benchCommand,
  },
};
