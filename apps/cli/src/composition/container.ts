import { type Watcher, assertNetworkUnchanged } from '@winnow/experiments';
import { type Component, ComponentRegistry, type Plugin } from '@winnow/plugin-api';
import type { LoadedPlugin } from '@winnow/plugin-host';
// Version 8 has a file for each symbol, 240 in all, whose loading took every command a quarter of a second.
import { Container, ContainerModule } from 'inversify';
import { unmeasured, withMeasuredSteps } from '../backends/measured-backends.ts';
import type { Console } from '../terminal/console.ts';
import { ManyRunsBar } from '../terminal/many-runs-bar.ts';
import type { Interruption } from '../terminal/interruption.ts';
import { RunProgressBar } from '../terminal/run-progress-bar.ts';
import { tellingOpen } from '../terminal/telling-open.ts';
import { BUILT_IN } from './built-in.ts';
import type { Handler } from './handler.ts';
import type { RecordedRun } from './load-plugins.ts';
import { makeRunner } from './runner.ts';
import type { Services } from './services.ts';
import { makeStudy } from './study.ts';
import * as tokens from './tokens.ts';
import { watched } from './watched-executor.ts';

function moduleOf(plugin: Plugin): ContainerModule {
  return new ContainerModule(({ bind }) => {
    for (const component of plugin.components) bind(tokens.COMPONENT).toConstantValue(component);
  });
}

function moduleOfServices(services: Services): ContainerModule {
  const { console, clock, progress } = services;
  return new ContainerModule(({ bind }) => {
    bind(tokens.CONSOLE).toConstantValue(console);
    bind(tokens.CLOCK).toConstantValue(clock);
    bind(tokens.INTERRUPTION).toConstantValue(services.interruption);
    bind(tokens.RECORDS).toConstantValue(services.records);
    bind(tokens.PROBE).toConstantValue(services.probe);
    bind(tokens.OPEN_DATASET).toConstantValue(tellingOpen(services.openDataset, console));
    bind(tokens.BAR).toConstantValue(
      progress ? new RunProgressBar(console.notes, clock) : undefined,
    );
    for (const watcher of services.watchers) bind(tokens.WATCHER).toConstantValue(watcher);
  });
}

/** What one invocation is composed of. */
export interface Parts {
  readonly services: Services;
  readonly plugins: readonly LoadedPlugin[];
  /** Whose plugins are among them. */
  readonly runs: readonly RecordedRun[];
  /** Files of the plugins that were named. */
  readonly files: readonly string[] | 'none';
}

/**
 * The one composition root: what is built in and what plugins bring comes in through the same door, services beside it, and
 * a handler is made of them. Throws DUPLICATE_NAME, and PLUGIN_CHANGED where a run's network or data would come from other
 * code than the run's.
 */
export function compose<T>(wanted: Handler<T>, { services, plugins, runs, files }: Parts): T {
  const container = new Container({ defaultScope: 'Singleton' });
  container.loadSync(moduleOfServices(services), ...[...BUILT_IN, ...plugins].map(moduleOf));
  container.bind(tokens.RUNS).toConstantValue(runs);
  container.bind(tokens.PLUGIN_FILES).toConstantValue(files);
  container.bind(tokens.REGISTRY).toResolvedValue(
    (components: Component[]) => {
      const known = plugins.map(({ record }) => record);
      const measured = withMeasuredSteps(components, services.records, known);
      const registry = new ComponentRegistry(measured, known);
      for (const { folder, config } of runs) assertNetworkUnchanged(config, registry, folder.path);
      return registry;
    },
    [{ serviceIdentifier: tokens.COMPONENT, isMultiple: true }],
  );
  container.bind(tokens.UNMEASURED).toResolvedValue(
    (registry: ComponentRegistry) => {
      return unmeasured(registry.all('backend'), services.records, registry.plugins);
    },
    [tokens.REGISTRY],
  );
  const watchers = { serviceIdentifier: tokens.WATCHER, isMultiple: true } as const;
  container
    .bind(tokens.RUNNER)
    .toResolvedValue(makeRunner, [
      tokens.REGISTRY,
      tokens.CONSOLE,
      tokens.CLOCK,
      tokens.INTERRUPTION,
      tokens.OPEN_DATASET,
      tokens.UNMEASURED,
      watchers,
    ]);
  container.bind(tokens.STUDY).toResolvedValue(
    (console: Console, interruption: Interruption, watching: Watcher[]) => {
      const bar = services.progress ? new ManyRunsBar(console.notes) : undefined;
      return makeStudy(interruption, watched(services.execute, watching, console), bar);
    },
    [tokens.CONSOLE, tokens.INTERRUPTION, watchers],
  );
  const HANDLER = Symbol('handler');
  container
    .bind<T>(HANDLER)
    .toResolvedValue((...needed: unknown[]) => wanted.make(needed), [...wanted.needs]);
  return container.get<T>(HANDLER);
}
