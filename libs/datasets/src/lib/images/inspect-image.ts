import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { LimitReached } from '@winnow/files/confined';

/** The path of a JPEG or PNG file, or its bytes. */
export type EncodedImage = string | Uint8Array;

/** What Pillow, and so torchvision, refuses as a "decompression bomb" too. */
export const MOST_PIXELS = 178_956_970;
/** JPEG's own; a row of a PNG may claim to be 2³¹ pixels, and a few are held in memory at once. */
const LONGEST_SIDE = 65_535;

/** Most small images are less: they are read once, and no file is opened again to decode it. */
const START_BYTES = 2 ** 16;
const PNG = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const JPEG = Buffer.from('\xff\xd8\xff', 'latin1');
/** Where a PNG says its size: its first chunk must be IHDR. */
const [WIDTH_AT, HEIGHT_AT, SIZE_END] = [16, 20, 24];

/** An image beyond what is read; with its size, where that is known. */
export function tooLarge(size = ''): LimitReached {
  return new LimitReached(
    `it has ${size || 'more'} pixels where at most ${LONGEST_SIDE} a side and ${MOST_PIXELS} in all are read`,
  );
}

/** A file's first bytes; all of them, where there are no more than that. */
async function startOf(
  path: string,
  bytes = START_BYTES,
): Promise<{ start: Uint8Array; whole: boolean }> {
  // A pipe that nobody writes to would keep its reader waiting.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafeSlow(bytes), 0, bytes, null);
    // A copy, since many wait to be decoded.
    return { start: Buffer.from(buffer.subarray(0, bytesRead)), whole: bytesRead < bytes };
  } finally {
    await file.close();
  }
}

const begins = (start: Uint8Array, signature: Buffer) =>
  signature.equals(start.subarray(0, signature.length));
const NEITHER = 'it is neither JPEG nor PNG';

/** Throws TypeError for a file that does not begin as JPEG or PNG does. */
export async function assertBeginsAsImage(path: string): Promise<void> {
  const { start } = await startOf(path, PNG.length);
  if (!begins(start, PNG) && !begins(start, JPEG)) throw new TypeError(NEITHER);
}

/**
 * The same image, small files as bytes. Looks at what it claims to be before anything decodes it: throws LimitReached for sides
 * beyond the limits, and where it is neither JPEG nor PNG, for the decoder would take much else, texts that draw among it. What
 * a JPEG claims cannot be more than `LONGEST_SIDE`; `MOST_PIXELS` is for the decoder to see.
 */
export async function inspected(image: EncodedImage): Promise<EncodedImage> {
  const { start, whole } =
    typeof image === 'string' ? await startOf(image) : { start: image, whole: true };
  if (begins(start, PNG) && start.length >= SIZE_END) {
    const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
    const [width, height] = [view.getUint32(WIDTH_AT), view.getUint32(HEIGHT_AT)];
    if (Math.max(width, height) > LONGEST_SIDE || width * height > MOST_PIXELS) {
      throw tooLarge(`${width} × ${height}`);
    }
  } else if (!begins(start, JPEG)) throw new TypeError(NEITHER);
  return whole ? start : image;
}
