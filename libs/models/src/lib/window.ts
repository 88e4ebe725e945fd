import type { Sides } from '@winnow/plugin-api';
import type { Kernel, Padding } from './layers.ts';

export function sidesOf(padding: Padding): Sides {
  if (typeof padding !== 'number') return padding;
  return { top: padding, bottom: padding, left: padding, right: padding };
}

export function extentOf(kernel: Kernel): readonly [height: number, width: number] {
  return typeof kernel === 'number' ? [kernel, kernel] : kernel;
}
