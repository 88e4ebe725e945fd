import { type Road, roadOf } from '@winnow/training';
import { maskOfTicket } from './bench-mask.ts';
import { type BenchMode, type BenchSetting, RECIPE, fixedMask } from './bench-step.ts';

/** By what the steps of a mode are computed on the current backend. Throws TICKET_MISMATCH. */
export function benchRoad(mode: BenchMode, setting: BenchSetting): Road {
  const { network, ticket } = setting;
  switch (mode) {
    case 'train':
      return roadOf(network, undefined, RECIPE);
    case 'masked':
      return roadOf(network, fixedMask(setting), RECIPE);
    case 'cts':
      return { by: 'ops', why: 'search' };
    case 'hessian':
      return { by: 'ops', why: 'second-derivatives' };
    case 'forward':
      return roadOf(network, ticket && maskOfTicket(network, ticket));
  }
}
