import type { BackendDescriptor } from '@winnow/plugin-api';

/**
 * Backends as `auto` tries them: by priority, those that are `external` last; but one that was measured comes before the
 * first that was measured to be slower. So none comes before `native` but what was measured to be faster, or what is not
 * external and has a higher priority.
 */
export function autoOrder<B extends Pick<BackendDescriptor, 'priority' | 'external' | 'stepMs'>>(
  backends: readonly B[],
): B[] {
  const plain = backends.toSorted(
    (a, b) => Number(a.external ?? false) - Number(b.external ?? false) || b.priority - a.priority,
  );
  const order: B[] = [];
  for (const backend of plain) {
    const { stepMs } = backend;
    const slower = stepMs === undefined ? -1 : order.findIndex((it) => (it.stepMs ?? 0) > stepMs);
    order.splice(slower < 0 ? order.length : slower, 0, backend);
  }
  return order;
}
