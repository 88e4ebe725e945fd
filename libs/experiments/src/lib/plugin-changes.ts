import { type ComponentRegistry, type PluginRecord, WinnowError } from '@winnow/plugin-api';
import type { RunConfig } from './run-config.ts';

const shown = ({ version, sha256 }: Pick<PluginRecord, 'version' | 'sha256'>) =>
  `${version === undefined ? '' : `version ${version}, `}SHA-256 ${sha256.slice(0, 12)}…`;

const GO_ON =
  'bring the old code back, or give its place with --plugin; for the new code begin another run.';

/** Without what made its network, a run cannot even be looked at. */
const isOfNetwork = ({ brings }: RunConfig['plugins'][number]) =>
  brings?.some((what) => what === 'model' || what === 'dataset') ?? true;

/**
 * Throws PLUGIN_CHANGED for the first plugin that is there now with other code than a run recorded; `path` is the run's
 * folder. `matters` says for which plugins, by name; all, unless told otherwise.
 */
export function assertPluginsUnchanged(
  { plugins }: Pick<RunConfig, 'plugins'>,
  now: readonly PluginRecord[],
  path: string,
  matters?: (name: string) => boolean,
): void {
  for (const before of plugins) {
    if (matters?.(before.name) === false) continue;
    const found = now.find(({ name }) => name === before.name);
    if (!found || found.sha256 === before.sha256) continue;
    throw new WinnowError(
      'PLUGIN_CHANGED',
      `Plugin "${before.name}" is not the code that the run in ${path} used: it was ${shown(before)}, and is ${shown(found)} in ${found.specifier}.`,
      {
        hint:
          matters || isOfNetwork(before)
            ? `To use the run, ${GO_ON}`
            : `To look at the run, as by export, predict or compare, name the new code: --plugin ${found.specifier}. To go on with it, ${GO_ON}`,
      },
    );
  }
}

/**
 * Of a run that is looked at again: throws PLUGIN_CHANGED where the plugin that brings its model or its data set has other
 * code now, since the weights would be read as another network's. What found the ticket does not matter any more.
 */
export function assertNetworkUnchanged(
  config: Pick<RunConfig, 'plugins' | 'model' | 'dataset'>,
  registry: ComponentRegistry,
  path: string,
): void {
  const owners = [
    registry.all('model').find(({ name }) => name === config.model.name)?.plugin,
    registry.all('dataset').find(({ name }) => name === config.dataset.name)?.plugin,
  ];
  assertPluginsUnchanged(config, registry.plugins, path, (name) => owners.includes(name));
}
