import type { Sides } from '@winnow/plugin-api';
import type { LayerCall } from './layer-call.ts';
import { unsupported } from './unsupported.ts';
import { NO_ZEROS, sumOfSides } from './zeros.ts';

/** TensorFlow's "same": as many places as strides fit, an odd pixel of padding at the end. */
function same(size: number, window: number, stride: number): [before: number, after: number] {
  const all = Math.max(0, (Math.ceil(size / stride) - 1) * stride + window - size);
  return [Math.floor(all / 2), Math.ceil(all / 2)];
}

/** How a window of this size moves: its stride, its padding with the zeros that were put aside before it, its dilation. */
export function windowOf(
  call: LayerCall,
  window: readonly [number, number],
): { stride: number; padding: Sides; dilation: number } {
  const { config, x } = call;
  const { strides = [1, 1], padding = 'valid', dilationRate = [1, 1] } = config;
  const [stride, across] = strides;
  if (stride !== across) throw unsupported(call, `has the strides [${strides.join(', ')}]`);
  const rates = [dilationRate].flat();
  const dilation = rates[0]!;
  if (rates.some((rate) => rate !== dilation))
    throw unsupported(call, `has the dilation [${rates.join(', ')}]`);
  if (stride > 1 && dilation > 1) throw unsupported(call, 'has both strides and a dilation');
  const zeros = x.zeros ?? NO_ZEROS;
  if (padding === 'valid') return { stride, padding: zeros, dilation };
  if (padding !== 'same') throw unsupported(call, `has the padding "${String(padding)}"`);
  const [height, width] = x.shape as [number, number];
  const seen = window.map((size) => (size - 1) * dilation + 1) as [number, number];
  const [top, bottom] = same(height + zeros.top + zeros.bottom, seen[0], stride);
  const [left, right] = same(width + zeros.left + zeros.right, seen[1], stride);
  return { stride, padding: sumOfSides(zeros, { top, bottom, left, right }), dilation };
}
