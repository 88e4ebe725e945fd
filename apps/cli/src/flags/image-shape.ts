import type { ImageShape } from '@winnow/plugin-api';
import { InvalidArgumentError } from 'commander';

/** 32x32x3 */
export function parseShape(text: string): ImageShape {
  if (!/^[1-9]\d*x[1-9]\d*x[1-9]\d*$/.test(text))
    throw new InvalidArgumentError('Give HEIGHTxWIDTHxCHANNELS.');
  const [height, width, channels] = text.split('x').map(Number);
  return { height: height!, width: width!, channels: channels! };
}
