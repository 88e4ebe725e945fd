/** How the command line spells an option of a component, or of a run: `--search-epochs`. */
export const flagOf = (name: string) =>
  `--${name.replace(/(?<=.)[A-Z]/g, '-$&').replace(/[\s|,=<>[\]]+/g, '-')}`.toLowerCase();

const OF_RECIPE = /^recipe\.(epochs|learningRate|batchSize|weightDecay)$/;
const OF_COMPONENT = /^(?:method|objective|model|dataset)\.options\.([^.]+)/;

/** A path in the configuration of a run as the flag that it came from: `recipe.epochs` as `--epochs`; others stay. */
export function flagOfPath(path: string): string {
  const [, option] = OF_RECIPE.exec(path) ?? OF_COMPONENT.exec(path) ?? [];
  if (option !== undefined) return flagOf(option);
  const [, component] = /^(method|objective|model|dataset|recipe)(?:\.name)?$/.exec(path) ?? [];
  if (component !== undefined) return flagOf(component);
  const [, pattern] = /^layerDensities\.(.*)/s.exec(path) ?? [];
  if (pattern !== undefined) return `--layer-density ${pattern}`;
  const [, fineTuning] = /^fineTune\.(\w+)$/.exec(path) ?? [];
  if (fineTuning !== undefined) return flagOf(`fineTune-${fineTuning}`);
  const [name = ''] = path.split('.');
  return OF_RUNS.has(name) ? flagOf(name) : path;
}

const OF_RUNS = new Set(
  'density leaveOut seed start rewindEpochs startWeights backend fineTune'.split(' '),
);
