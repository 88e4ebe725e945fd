import type { ImageShape } from '@winnow/plugin-api';
import { InvalidArgumentError } from 'commander';

/** Of pixels a side, and of channels. */
const MOST = 65_536;

/** 32x32x3 */
export function parseShape(text: string): ImageShape {
  if (!/^[1-9]\d*x[1-9]\d*x[1-9]\d*$/.test(text))
    throw new InvalidArgumentError('Give HEIGHTxWIDTHxCHANNELS.');
  const [height, width, channels] = text.split('x').map(Number);
  if (Math.max(height!, width!, channels!) > MOST)
    throw new InvalidArgumentError(`Each is at most ${MOST}.`);
  return { height: height!, width: width!, channels: channels! };
}
