import { describe, expect, it } from '@jest/globals';
import { defineBackend } from '@winnow/plugin-api';
import fc from 'fast-check';
import builtIn from '../plugin.ts';
import { autoOrder } from './auto-order.ts';

/** The built-in backends by what a step took on each. */
function order(steps: Readonly<Record<string, number>>): string[] {
  const known = builtIn.components.filter((component) => component.kind === 'backend');
  return autoOrder(
    known.map((backend) => {
      const stepMs = steps[backend.name];
      return stepMs === undefined ? backend : { ...backend, stepMs };
    }),
  ).map(({ name }) => name);
}

const EXTERNAL = ['tensorflow-gpu', 'webgpu', 'tensorflow'];

describe('autoOrder', () => {
  it('tries what depends on the machine last, where nothing was measured', () => {
    expect(order({})).toEqual(['native', 'wasm', 'cpu', ...EXTERNAL]);
  });

  it('tries the fastest first of those that were measured', () => {
    const all = { native: 300, wasm: 900, cpu: 20_000, webgpu: 40, tensorflow: 350 };
    expect(order(all)).toEqual(['webgpu', 'native', 'tensorflow', 'wasm', 'cpu', 'tensorflow-gpu']);
    expect(order({ native: 300, webgpu: 40 }).slice(0, 3)).toEqual(['webgpu', 'native', 'wasm']);
  });

  it('leaves native first where that was not measured', () => {
    expect(order({ 'tensorflow-gpu': 5, wasm: 900 }).slice(0, 3)).toEqual([
      'native',
      'tensorflow-gpu',
      'wasm',
    ]);
  });

  it('puts before native only what was measured to be faster, or has a higher priority and is not external', () => {
    const someMs = fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined });
    const known = fc.record({
      priority: fc.integer({ min: 0, max: 60 }),
      external: fc.boolean(),
      stepMs: someMs,
    });
    const start = () => Promise.resolve();
    const of = (name: string, priority: number, external: boolean, stepMs: number | undefined) =>
      defineBackend({ name, summary: '', priority, external, start, ...(stepMs && { stepMs }) });
    fc.assert(
      fc.property(fc.array(known), someMs, (others, own) => {
        const native = of('native', 30, false, own);
        const all = others.map((it, i) => of(`b${i}`, it.priority, it.external, it.stepMs));
        all.push(native);
        const ordered = autoOrder(all);
        expect(new Set(ordered)).toEqual(new Set(all));
        const times = ordered.flatMap(({ stepMs }) => stepMs ?? []);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        for (const before of ordered.slice(0, ordered.indexOf(native))) {
          if (native.stepMs === undefined) continue;
          if (before.stepMs !== undefined) expect(before.stepMs).toBeLessThanOrEqual(native.stepMs);
          else expect([before.external, before.priority >= 30]).toEqual([false, true]);
        }
      }),
    );
  });
});
