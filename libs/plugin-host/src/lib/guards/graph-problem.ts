import type { GraphLayer, GraphValue, NetworkGraph, ShownValue } from '@winnow/plugin-api';

const OPS: Readonly<Record<GraphLayer['op'], true>> = {
  conv: true,
  normalize: true,
  relu: true,
  'leaky-relu': true,
  relu6: true,
  gelu: true,
  tanh: true,
  sigmoid: true,
  elu: true,
  silu: true,
  affine: true,
  add: true,
  multiply: true,
  concat: true,
  'max-pool': true,
  'average-pool': true,
  pad: true,
  reshape: true,
  subsample: true,
  'global-average-pool': true,
  flatten: true,
  linear: true,
};

/** Of a layer whose op is known; what is to be a value may be anything. */
function inputsOf(layer: GraphLayer): readonly GraphValue[] {
  switch (layer.op) {
    case 'add':
    case 'multiply':
      return [layer.x, layer.y];
    case 'concat':
      return [layer.x, ...layer.others];
    case 'normalize':
      return layer.residual === undefined ? [layer.x] : [layer.x, layer.residual];
    default:
      return [layer.x];
  }
}

function parametersOf(layer: GraphLayer): readonly string[] {
  switch (layer.op) {
    case 'conv':
    case 'linear':
      return [`${layer.name}.weight`, ...(layer.bias ? [`${layer.name}.bias`] : [])];
    case 'normalize':
      return [
        ...(layer.scale === false ? [] : [`${layer.name}.weight`]),
        ...(layer.shift === false ? [] : [`${layer.name}.bias`]),
      ];
    default:
      return [];
  }
}

/** Whether a value is there once so many layers are computed. */
const isThere = (value: unknown, layers: number) =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= layers;

function layerProblem(
  layer: GraphLayer | undefined,
  before: number,
  parameters: ReadonlySet<string>,
): string | undefined {
  const op: unknown = layer?.op;
  if (!layer || typeof op !== 'string' || !Object.hasOwn(OPS, op))
    return `is of the op "${String(op)}", which there is none of`;
  if (typeof layer.shape !== 'object' || layer.shape === null) return 'has no shape';
  if (layer.op === 'concat' && !Array.isArray(layer.others)) return 'has no "others"';
  const unknown = inputsOf(layer).filter((value) => !isThere(value, before));
  if (unknown.length > 0)
    return `reads the value ${String(unknown[0])}, which is not computed before it`;
  const absent = parametersOf(layer).find((name) => !parameters.has(name));
  return absent === undefined
    ? undefined
    : `reads "${absent}", which is none of the network's parameters`;
}

/** What is wrong with a graph, as the end of a sentence: layers, the values that they read, names of parameters. */
export function graphProblem(
  graph: Partial<NetworkGraph> | null,
  parameters: ReadonlySet<string>,
): string | undefined {
  if (typeof graph !== 'object' || graph === null || !Array.isArray(graph.layers))
    return 'built a network whose graph has no layers';
  const layers = graph.layers as NetworkGraph['layers'];
  for (const [i, layer] of layers.entries()) {
    const problem = layerProblem(layer, i, parameters);
    if (problem !== undefined)
      return `built a network whose graph has a layer ${i + 1} that ${problem}`;
  }
  const { logits, activations = [] } = graph;
  if (!Array.isArray(activations)) return 'built a network whose graph has no list of activations';
  const shown = (activations as readonly (Partial<ShownValue> | null)[]).map((it) => it?.value);
  const unknown = [logits, ...shown].filter((value) => !isThere(value, layers.length));
  return unknown.length === 0
    ? undefined
    : `built a network whose graph puts out the value ${String(unknown[0])}, which none of its ${layers.length} layers computes`;
}
