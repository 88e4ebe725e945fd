import type { BackendDescriptor } from './backend.ts';
import type { DatasetDescriptor } from './dataset.ts';
import { attempt, attemptAsync, withFields } from './guards/attempt.ts';
import { guardDataset } from './guards/guard-dataset.ts';
import { guardNetwork } from './guards/guard-network.ts';
import { guardScoring } from './guards/guard-scoring.ts';
import type { ModelDescriptor } from './model.ts';
import type { Objective } from './objective.ts';
import type { PrunerDescriptor } from './pruner.ts';

/** What is known of a kind of component. */
export interface Kind<C> {
  /** How errors call one, at the start of a sentence and within it. */
  readonly title: string;
  /** What one must have beside its name and summary. */
  readonly fields: readonly (readonly [
    name: keyof C & string,
    type: 'function' | 'number' | 'boolean' | 'object',
  ])[];
  /** Whether it has a schema `options`. */
  readonly hasOptions: boolean;
  /**
   * A third party's component as Winnow calls it: what it throws is named with `title`, which names component and plugin.
   * Looks at shapes and at numbers on the host alone, and copies nothing from the device.
   */
  guard(component: C, title: string, plugin: string): C;
}

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

const objective: Kind<Objective> = {
  title: 'Objective',
  fields: [
    ['evaluate', 'function'],
    ['configure', 'function'],
    ['lossScale', 'number'],
    ['stationaryAtDense', 'boolean'],
    ['given', 'object'],
  ],
  hasOptions: true,
  guard: guardObjective,
};

const pruner: Kind<PrunerDescriptor> = {
  title: 'Method',
  fields: [['findTicket', 'function']],
  hasOptions: true,
  guard(method, title, plugin) {
    return withFields<PrunerDescriptor>(method, {
      plugin,
      ...(method.density && {
        density: (options) => attemptAsync(title, async () => method.density!(options)),
      }),
      ...(method.prepare && {
        prepare: (setting, options) =>
          attemptAsync(title, async () => method.prepare!(setting, options)),
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
    });
  },
};

const model: Kind<ModelDescriptor> = {
  title: 'Model',
  fields: [
    ['build', 'function'],
    ['rewindEpochs', 'number'],
  ],
  hasOptions: true,
  guard: (architecture, title, plugin) =>
    withFields<ModelDescriptor>(architecture, {
      plugin,
      build: (input, classes, options) =>
        guardNetwork(
          attempt(title, () => architecture.build(input, classes, options)),
          { input, classes, title, plugin },
        ),
    }),
};

const dataset: Kind<DatasetDescriptor> = {
  title: 'Data set',
  fields: [['open', 'function']],
  hasOptions: true,
  guard: (data, title, plugin) =>
    withFields<DatasetDescriptor>(data, {
      plugin,
      open: async (options, setting) =>
        guardDataset(await attemptAsync(title, () => data.open(options, setting)), title),
    }),
};

const backend: Kind<BackendDescriptor> = {
  title: 'Backend',
  fields: [
    ['start', 'function'],
    ['priority', 'number'],
  ],
  hasOptions: false,
  guard: (descriptor, title, plugin) =>
    withFields<BackendDescriptor>(descriptor, {
      plugin,
      start: () => attemptAsync(title, () => descriptor.start()),
    }),
};

/** Everything that a plugin can add, a row a kind, in the order in which `winnow list` shows them. */
export const KINDS = { objective, pruner, model, dataset, backend };

/** What components are looked up by, together with their names. */
export type ComponentKind = keyof typeof KINDS;
/** What a component of each kind is. */
export type ComponentKinds = {
  readonly [K in ComponentKind]: (typeof KINDS)[K] extends Kind<infer C> ? C : never;
};
/** One thing that a plugin adds. */
export type Component = ComponentKinds[ComponentKind];

export const COMPONENT_KINDS = Object.keys(KINDS) as readonly ComponentKind[];

/** Those whose components have options. */
export type OptionKind = {
  readonly [K in ComponentKind]: ComponentKinds[K] extends { readonly options: unknown }
    ? K
    : never;
}[ComponentKind];

export const OPTION_KINDS = COMPONENT_KINDS.filter(
  (kind): kind is OptionKind => KINDS[kind].hasOptions,
);

/** How errors name a third party's component, at the start of a sentence. */
export function titleOf({ kind, name }: Pick<Component, 'kind' | 'name'>, plugin: string): string {
  return `${KINDS[kind].title} "${name}" of plugin "${plugin}"`;
}

/** A third party's component, guarded as its kind is. */
export function guardComponent<C extends Component>(component: C, plugin: string): C {
  const kind = KINDS[component.kind] as unknown as Kind<C>;
  return kind.guard(component, titleOf(component, plugin), plugin);
}
