import type { ImageShape } from '@winnow/plugin-api';
import { InvalidArgumentError } from 'commander';

/** 32x32x3 */
export function parseShape(text: string): ImageShape {
  const [height, width, channels] = text.split('x').map(Number);
  if (!height || !width || !channels) throw new InvalidArgumentError('Give HEIGHTxWIDTHxCHANNELS.');
  return { height, width, channels };
}
