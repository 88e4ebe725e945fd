import type { ComponentTemplate, ScaffoldKind } from '../component-template.ts';
import { dataset } from './dataset.ts';
import { model } from './model.ts';
import { objective } from './objective.ts';
import { pruner } from './pruner.ts';

export const TEMPLATES: Readonly<Record<ScaffoldKind, ComponentTemplate>> = {
  objective,
  pruner,
  model,
  dataset,
};
