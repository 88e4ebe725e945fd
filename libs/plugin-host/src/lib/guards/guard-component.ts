import {
  type BackendDescriptor,
  type Component,
  type ComponentKind,
  type ComponentKinds,
  type DatasetDescriptor,
  KINDS,
  type ModelDescriptor,
  type Objective,
  type PrunerDescriptor,
  withFields,
} from '@winnow/plugin-api';
import { attempt, attemptAsync } from './attempt.ts';
import { guardDataset } from './guard-dataset.ts';
import { guardExecutor } from './guard-executor.ts';
import { guardExporter } from './guard-exporter.ts';
import { guardNetwork } from './guard-network.ts';
import { guardObserver } from './guard-observer.ts';
import { guardScoring } from './guard-scoring.ts';

/**
 * A third party's component as Winnow calls it: what it throws is named with `title`, which names component and plugin.
 * Looks at shapes and at numbers on the host alone, and copies nothing from the device.
 */
type Guard<C> = (component: C, title: string, plugin: string) => C;

function guardObjective(objective: Objective, title: string, plugin: string): Objective {
  return withFields<Objective>(objective, {
    plugin,
    configure: (options) => guardObjective(objective.configure(options), title, plugin),
    ...(objective.prepare && {
      prepare: (setting) => attemptAsync(title, async () => objective.prepare!(setting)),
    }),
    evaluate: (input) => attempt(title, () => objective.evaluate(input)),
  });
}

/** A guard a kind. */
const GUARDS: { readonly [K in ComponentKind]: Guard<ComponentKinds[K]> } = {
  objective: guardObjective,
  pruner: (method, title, plugin) =>
    withFields<PrunerDescriptor>(method, {
      plugin,
      ...(method.density && {
        density: (options) => attemptAsync(title, async () => method.density!(options)),
      }),
      ...(method.checksum && {
        checksum: (options) => attemptAsync(title, async () => method.checksum!(options)),
      }),
      ...(method.prepare && {
        prepare: (setting, options) =>
          attemptAsync(title, async () => method.prepare!(setting, options)),
      }),
      ...(method.road && {
        road: (network, objective) => attempt(title, () => method.road!(network, objective)),
      }),
      ...(method.searchEpochs && {
        searchEpochs: (search, options) =>
          attempt(title, () => method.searchEpochs!(search, options)),
      }),
      ...(method.roundAt && {
        roundAt: (density, options) => attempt(title, () => method.roundAt!(density, options)),
      }),
      ...(method.scoring && {
        scoring: (options) =>
          guardScoring(
            attempt(title, () => method.scoring!(options)),
            title,
          ),
      }),
      findTicket: (context, options) =>
        attemptAsync(title, async () => method.findTicket(context, options)),
    }),
  model: (architecture, title, plugin) =>
    withFields<ModelDescriptor>(architecture, {
      plugin,
      build: (input, classes, options) =>
        guardNetwork(
          attempt(title, () => architecture.build(input, classes, options)),
          { input, classes, title, plugin },
        ),
    }),
  dataset: (data, title, plugin) =>
    withFields<DatasetDescriptor>(data, {
      plugin,
      open: async (options, setting) =>
        guardDataset(await attemptAsync(title, () => data.open(options, setting)), title),
    }),
  observer: guardObserver,
  exporter: guardExporter,
  executor: guardExecutor,
  backend: (descriptor, title, plugin) =>
    withFields<BackendDescriptor>(descriptor, {
      plugin,
      start: (how) => attemptAsync(title, () => descriptor.start(how)),
      ...(descriptor.devices && {
        devices: () => attemptAsync(title, () => descriptor.devices!()),
      }),
    }),
};

/** A third party's component, guarded as its kind is. */
export function guardComponent<C extends Component>(component: C, plugin: string): C {
  const { kind, name } = component;
  const guard = GUARDS[kind] as unknown as Guard<C>;
  return guard(component, `${KINDS[kind].title} "${name}" of plugin "${plugin}"`, plugin);
}
