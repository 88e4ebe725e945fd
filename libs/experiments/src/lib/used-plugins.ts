import { type ComponentKind, type ComponentRegistry } from '@winnow/plugin-api';
import type { RunConfig } from './run-config.ts';

/** What a run names of its components. */
type NamedComponents = Pick<RunConfig, 'method' | 'objective' | 'model' | 'dataset' | 'backend'>;

/** The plugins that bring a run's components, and which; what else is loaded decides none of its numbers. */
export function usedPlugins(
  { method, objective, model, dataset, backend }: NamedComponents,
  registry: ComponentRegistry,
): RunConfig['plugins'] {
  const ownerOf = (kind: ComponentKind, name: string | undefined) =>
    registry.all(kind).find((one) => one.name === name)?.plugin;
  const owners = [
    ['method', ownerOf('pruner', method.name)],
    ['objective', ownerOf('objective', objective?.name)],
    ['model', ownerOf('model', model.name)],
    ['dataset', ownerOf('dataset', dataset.name)],
    ['backend', ownerOf('backend', backend)],
  ] as const;
  return registry.plugins
    .map((plugin) => ({
      ...plugin,
      brings: owners.flatMap(([what, owner]) => (owner === plugin.name ? [what] : [])),
    }))
    .filter(({ brings }) => brings.length > 0);
}

const isBackendAlone = ({ brings }: RunConfig['plugins'][number]) =>
  brings?.every((what) => what === 'backend') ?? false;

/** The same run, whatever computes it. */
export function onAnyBackend(config: RunConfig): RunConfig {
  return { ...config, backend: '', plugins: config.plugins.filter((one) => !isBackendAlone(one)) };
}

/** The same run, computed by what computes the other one. */
export function onBackendOf({ backend, plugins }: RunConfig, config: RunConfig): RunConfig {
  const own = [...onAnyBackend(config).plugins, ...plugins.filter(isBackendAlone)];
  return { ...config, backend, plugins: own };
}
