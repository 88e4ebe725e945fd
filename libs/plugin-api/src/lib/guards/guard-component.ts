import type { Component, ComponentKind } from '../component.ts';
import type { BackendDescriptor } from '../backend.ts';
import type { DatasetDescriptor } from '../dataset.ts';
import type { ModelDescriptor } from '../model.ts';
import type { Objective } from '../objective.ts';
import type { PrunerDescriptor } from '../pruner.ts';
import { WinnowError } from '../winnow-error.ts';
import { attempt, attemptAsync, withFields } from './attempt.ts';
import { guardDataset } from './guard-dataset.ts';
import { guardNetwork } from './guard-network.ts';
import { checkTicket } from './check-ticket.ts';

const TITLES: Readonly<Record<ComponentKind, string>> = {
  objective: 'Objective',
  pruner: 'Method',
  model: 'Model',
  dataset: 'Data set',
  backend: 'Backend',
};

function guardObjective(objective: Objective, title: string, plugin: string): Objective {
  return withFields(objective, {
    plugin,
    evaluate(input) {
      const value: unknown = attempt(title, () => objective.evaluate(input));
      const { shape } = (value ?? {}) as { shape?: readonly number[] };
      if (Array.isArray(shape) && shape.length === 0)
        return value as ReturnType<typeof objective.evaluate>;
      throw new WinnowError(
        'BAD_OBJECTIVE',
        `${title} returned ${Array.isArray(shape) ? `a tensor of shape [${shape.join(', ')}]` : String(value)}.`,
        { hint: 'Its evaluate() must return a scalar, such as a mean over the batch.' },
      );
    },
  });
}

function guardPruner(pruner: PrunerDescriptor, title: string, plugin: string): PrunerDescriptor {
  return withFields(pruner, {
    plugin,
    async findTicket(context, options) {
      const ticket = await attemptAsync(title, () => pruner.findTicket(context, options));
      checkTicket(ticket, context, title);
      return ticket;
    },
  });
}

function guardModel(model: ModelDescriptor, title: string, plugin: string): ModelDescriptor {
  return withFields(model, {
    plugin,
    build: (input, classes, options) =>
      guardNetwork(
        attempt(title, () => model.build(input, classes, options)),
        { input, classes, title, plugin },
      ),
  });
}

function guardSet(dataset: DatasetDescriptor, title: string, plugin: string): DatasetDescriptor {
  return withFields(dataset, {
    plugin,
    open: async (options, setting) =>
      guardDataset(await attemptAsync(title, () => dataset.open(options, setting)), title),
  });
}

function guardBackend(
  backend: BackendDescriptor,
  title: string,
  plugin: string,
): BackendDescriptor {
  return withFields(backend, { plugin, start: () => attemptAsync(title, () => backend.start()) });
}

/**
 * A third party's component as Winnow calls it: what it throws, and what it returns that is no such thing, is named with
 * component and plugin. Looks at shapes and at numbers on the host alone, and copies nothing from the device.
 */
export function guardComponent(component: Component, plugin: string): Component {
  const title = `${TITLES[component.kind]} "${component.name}" of plugin "${plugin}"`;
  switch (component.kind) {
    case 'objective':
      return guardObjective(component, title, plugin);
    case 'pruner':
      return guardPruner(component, title, plugin);
    case 'model':
      return guardModel(component, title, plugin);
    case 'dataset':
      return guardSet(component, title, plugin);
    case 'backend':
      return guardBackend(component, title, plugin);
  }
}
