import type { NetworkGraph, ParameterSpec } from '@winnow/plugin-api';

const normalizations = ({ layers }: NetworkGraph) =>
  layers.flatMap((layer) => (layer.op === 'normalize' ? [layer] : []));

/** The running statistics [channels] or [units] that a graph uses, as what is expected of a file. */
export function statisticsOf(graph: NetworkGraph): Pick<ParameterSpec, 'name' | 'shape'>[] {
  // Layers that share parameters share statistics.
  const byName = new Map(normalizations(graph).map((layer) => [layer.name, layer.shape]));
  return [...byName].flatMap(([name, of]) =>
    ['running_mean', 'running_var'].map((kind) => ({
      name: `${name}.${kind}`,
      shape: ['units' in of ? of.units : of.channels],
    })),
  );
}

/** The ε that variances are raised by, for the metadata of a file: a number, or as JSON one by layer where they differ. */
export function epsilonOf(graph: NetworkGraph | undefined): { readonly epsilon?: string } {
  const byName = graph ? normalizations(graph).map(({ name, epsilon }) => [name, epsilon]) : [];
  const [one, ...others] = new Set(byName.map(([, epsilon]) => epsilon));
  if (one === undefined) return {};
  return { epsilon: others.length > 0 ? JSON.stringify(Object.fromEntries(byName)) : String(one) };
}
