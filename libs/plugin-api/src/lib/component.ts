import type { BackendDescriptor } from './backend.ts';
import type { DatasetDescriptor } from './dataset.ts';
import type { ModelDescriptor } from './model.ts';
import type { Objective } from './objective.ts';
import type { PrunerDescriptor } from './pruner.ts';

/** Everything that a plugin can add, by kind. */
export interface ComponentKinds {
  objective: Objective;
  pruner: PrunerDescriptor;
  model: ModelDescriptor;
  dataset: DatasetDescriptor;
  backend: BackendDescriptor;
}

/** What components are looked up by, together with their names. */
export type ComponentKind = keyof ComponentKinds;
/** One thing that a plugin adds. */
export type Component = ComponentKinds[ComponentKind];

/** Every kind, in the order in which `winnow list` shows them. */
export const COMPONENT_KINDS: readonly ComponentKind[] = [
  'objective',
  'pruner',
  'model',
  'dataset',
  'backend',
];
