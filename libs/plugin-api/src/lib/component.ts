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

export type ComponentKind = keyof ComponentKinds;
export type Component = ComponentKinds[ComponentKind];

export const COMPONENT_KINDS: readonly ComponentKind[] = [
  'objective',
  'pruner',
  'model',
  'dataset',
  'backend',
];
