import type { GraphShape } from '@winnow/plugin-api';
import type { Kernel } from './layers.ts';

export function extentOf(kernel: Kernel): readonly [height: number, width: number] {
  return typeof kernel === 'number' ? [kernel, kernel] : kernel;
}

/** Of one image, or of one's features, axis by axis. */
export function extentsOf(shape: GraphShape): number[] {
  return 'units' in shape ? [shape.units] : [shape.height, shape.width, shape.channels];
}
