import { objectiveRoad } from '@winnow/objectives';
import type { Road } from '@winnow/plugin-api';
import { type ProgramLayer, programLayers } from '@winnow/tensor-backend';
import { roadOf } from '@winnow/training';
import { maskOfTicket } from './bench-mask.ts';
import { type BenchMode, type BenchSetting, RECIPE, fixedMask } from './bench-step.ts';

/** The mask, one entry a parameter, that the programs of a mode know; none in modes that compute with all weights. */
function maskOf(mode: BenchMode, setting: BenchSetting): Uint8Array | undefined {
  const { network, ticket } = setting;
  if (mode === 'masked') return fixedMask(setting);
  return mode === 'forward' && ticket ? maskOfTicket(network, ticket) : undefined;
}

/** By what the steps of a mode are computed on the current backend. Throws TICKET_MISMATCH. */
export function benchRoad(mode: BenchMode, setting: BenchSetting): Road {
  const { network, objective } = setting;
  const mask = maskOf(mode, setting);
  switch (mode) {
    case 'train':
    case 'masked':
      return roadOf(network, mask, RECIPE);
    case 'cts':
      return objectiveRoad(network, objective);
    case 'hessian':
      return { by: 'ops', why: 'second-derivatives' };
    case 'forward':
      return roadOf(network, mask);
  }
}

/** By what each layer is, where the road is a program. */
export function benchLayers(mode: BenchMode, setting: BenchSetting): readonly ProgramLayer[] {
  return (
    programLayers(setting.network, maskOf(mode, setting), {
      differentiable: mode !== 'forward',
    }) ?? []
  );
}
