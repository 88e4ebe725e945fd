import type { Kernel } from './layers.ts';

export function extentOf(kernel: Kernel): readonly [height: number, width: number] {
  return typeof kernel === 'number' ? [kernel, kernel] : kernel;
}
