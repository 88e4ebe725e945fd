import { crc32c } from './crc32c.ts';

/** A checksum that may be checksummed itself: turned, and moved away. */
function masked(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/**
 * Data as a file of TensorFlow has them: their length, its checksum, they themselves, and their checksum
 * (https://www.tensorflow.org/tutorials/load_data/tfrecord).
 */
export function tfRecord(data: Uint8Array): Uint8Array {
  const record = new Uint8Array(8 + 4 + data.length + 4);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, masked(crc32c(record.subarray(0, 8))), true);
  record.set(data, 12);
  view.setUint32(12 + data.length, masked(crc32c(data)), true);
  return record;
}
