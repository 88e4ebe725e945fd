import type { BackendDescriptor } from './backend.ts';
import type { DatasetDescriptor } from './dataset.ts';
import type { Executor } from './executor.ts';
import type { Exporter } from './exporter.ts';
import type { ModelDescriptor } from './model.ts';
import type { Objective } from './objective.ts';
import type { ObserverDescriptor } from './observer.ts';
import type { PrunerDescriptor } from './pruner.ts';

/** What a component of each kind is. */
export interface ComponentKinds {
  readonly objective: Objective;
  readonly pruner: PrunerDescriptor;
  readonly model: ModelDescriptor;
  readonly dataset: DatasetDescriptor;
  readonly observer: ObserverDescriptor;
  readonly exporter: Exporter;
  readonly backend: BackendDescriptor;
  readonly executor: Executor;
}

/** What components are looked up by, together with their names. */
export type ComponentKind = keyof ComponentKinds;
/** One thing that a plugin adds. */
export type Component = ComponentKinds[ComponentKind];

/** What is known of a kind of component. */
export interface Kind<C> {
  /** How errors call one, at the start of a sentence and within it. */
  readonly title: string;
  /** What one must have beside its name and summary. */
  readonly fields: readonly (readonly [
    name: keyof C & string,
    type: 'function' | 'string' | 'number' | 'boolean' | 'object',
  ])[];
  /** Whether it has a schema `options`. */
  readonly hasOptions: boolean;
}

/** Everything that a plugin can add, a row a kind, in the order in which `winnow list` shows them. */
export const KINDS: { readonly [K in ComponentKind]: Kind<ComponentKinds[K]> } = {
  objective: {
    title: 'Objective',
    fields: [
      ['evaluate', 'function'],
      ['configure', 'function'],
      ['lossScale', 'number'],
      ['stationaryAtDense', 'boolean'],
      ['given', 'object'],
    ],
    hasOptions: true,
  },
  pruner: {
    title: 'Method',
    fields: [['findTicket', 'function']],
    hasOptions: true,
  },
  model: {
    title: 'Model',
    fields: [
      ['build', 'function'],
      ['rewindEpochs', 'number'],
    ],
    hasOptions: true,
  },
  dataset: {
    title: 'Data set',
    fields: [['open', 'function']],
    hasOptions: true,
  },
  observer: {
    title: 'Observer',
    fields: [['observe', 'function']],
    hasOptions: true,
  },
  exporter: {
    title: 'Exporter',
    fields: [
      ['encode', 'function'],
      ['place', 'string'],
      ['needsGraph', 'boolean'],
    ],
    hasOptions: false,
  },
  backend: {
    title: 'Backend',
    fields: [
      ['start', 'function'],
      ['priority', 'number'],
    ],
    hasOptions: false,
  },
  executor: {
    title: 'Executor',
    fields: [
      ['execute', 'function'],
      ['cancel', 'function'],
    ],
    hasOptions: true,
  },
};

export const COMPONENT_KINDS = Object.keys(KINDS) as readonly ComponentKind[];

/** Those whose components have options. */
export type OptionKind = {
  readonly [K in ComponentKind]: ComponentKinds[K] extends { readonly options: unknown }
    ? K
    : never;
}[ComponentKind];
