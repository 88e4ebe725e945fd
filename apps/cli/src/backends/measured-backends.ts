import { canonicalJson } from '@winnow/experiments';
import {
  type BackendDescriptor,
  type Component,
  type PluginRecord,
  WinnowError,
} from '@winnow/plugin-api';
import type { BackendRecords, MeasuredStep } from './backend-records.ts';
import { groundOf, sameGround } from './ground.ts';

/** What was measured of a backend, if it still holds; its devices are looked at when it starts. */
export function measuredStep(
  backend: BackendDescriptor,
  records: BackendRecords,
  plugins: readonly PluginRecord[],
): MeasuredStep | undefined {
  const step = records.steps().find((it) => it.backend === backend.name);
  if (!step) return undefined;
  const now = groundOf(backend, records.installed(backend.name), plugins);
  return sameGround(step.on, now) ? step : undefined;
}

/** A backend that knows what a step of it takes; `auto` does not take it where its devices are others now. */
function knowing(
  backend: BackendDescriptor,
  { stepMs, devices: then }: MeasuredStep,
): BackendDescriptor {
  if (stepMs === undefined) return backend;
  return {
    ...backend,
    stepMs,
    async start(how) {
      if (how?.byAuto && then) {
        const now = await backend.devices?.();
        if (canonicalJson(now) !== canonicalJson(then)) {
          throw new WinnowError(
            'BACKEND_UNAVAILABLE',
            `Backend "${backend.name}" was measured on ${then[0]?.name ?? 'no device'}, and would compute on ${now?.[0]?.name ?? 'none'} now.`,
            { hint: 'Measure it again: winnow doctor --measure.' },
          );
        }
      }
      await backend.start(how);
    },
  };
}

/** The same components; of backends, those that were measured here know it. */
export function withMeasuredSteps(
  components: readonly Component[],
  records: BackendRecords,
  plugins: readonly PluginRecord[],
): readonly Component[] {
  if (records.steps().length === 0) return components;
  return components.map((component) => {
    if (component.kind !== 'backend') return component;
    const step = measuredStep(component, records, plugins);
    return step ? knowing(component, step) : component;
  });
}

/** Names of the external backends that are installed here, and that `auto` does not take as they were not measured. */
export function unmeasured(
  backends: readonly BackendDescriptor[],
  records: BackendRecords,
  plugins: readonly PluginRecord[],
): string[] {
  return backends
    .filter(({ external, name }) => external && Object.keys(records.installed(name)).length > 0)
    .filter((backend) => !measuredStep(backend, records, plugins))
    .map(({ name }) => name);
}
