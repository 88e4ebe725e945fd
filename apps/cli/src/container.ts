import { type Component, ComponentRegistry, type Plugin } from '@winnow/plugin-api';
import type { LoadedPlugin } from '@winnow/plugin-host';
import { Container, ContainerModule, type ServiceIdentifier } from 'inversify';
import { BUILT_IN } from './built-in.ts';

const COMPONENT: ServiceIdentifier<Component> = Symbol.for('@winnow/component');
export const REGISTRY: ServiceIdentifier<ComponentRegistry> = Symbol.for('@winnow/registry');

function moduleOf(plugin: Plugin): ContainerModule {
  return new ContainerModule(({ bind }) => {
    for (const component of plugin.components) bind(COMPONENT).toConstantValue(component);
  });
}

/** The one composition root: what is built in and what plugins bring comes in through the same door. */
export function createContainer(plugins: readonly LoadedPlugin[]): Container {
  const container = new Container({ defaultScope: 'Singleton' });
  container.load(...[...BUILT_IN, ...plugins].map(moduleOf));
  container.bind(REGISTRY).toResolvedValue(
    (components: Component[]) =>
      new ComponentRegistry(
        components,
        plugins.map(({ record }) => record),
      ),
    [{ serviceIdentifier: COMPONENT, isMultiple: true }],
  );
  return container;
}
