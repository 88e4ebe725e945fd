// Damage to files: bytes changed, numbers made large, parts cut out, doubled or taken from elsewhere.
import fc from 'fast-check';
import { crc32 } from 'node:zlib';

const SHARES = 2 ** 32;
/** A place in a file whose length nobody knows yet: a share of it. Of all doubles below 1, nearly all are next to 0. */
const place = () => fc.nat(SHARES - 1).map((n) => n / SHARES);
const LENGTHS = { min: 1, max: 64 };
const NUMBERS = [0, 1, 0x7f, 0x80, 0xff, 0x1f, 0xfe];
const WORDS = [
  'ffffffff',
  '7fffffff',
  '80000000',
  'ffffffffff7f',
  'feffffff07',
  '00000000',
  '00ffffff',
];

const at = (bytes, share) => Math.floor(share * bytes.length);
const joined = (...parts) => Buffer.concat(parts);

const oneDamage = (others) =>
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('byte'),
        at: place(),
        value: fc.oneof(fc.constantFrom(...NUMBERS), fc.nat(255)),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('bit'), at: place(), bit: fc.nat(7) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('word'),
        at: place(),
        word: fc.constantFrom(...WORDS),
        inserted: fc.boolean(),
      }),
    },
    fc.record({ kind: fc.constant('cut'), at: place(), length: fc.integer(LENGTHS) }),
    fc.record({
      kind: fc.constant('double'),
      at: place(),
      length: fc.integer(LENGTHS),
      times: fc.integer({ min: 1, max: 300 }),
    }),
    fc.record({ kind: fc.constant('end'), at: place() }),
    fc.record({
      kind: fc.constant('graft'),
      at: place(),
      from: place(),
      length: fc.integer(LENGTHS),
      other: fc.constantFrom(...others),
    }),
  );

function damaged(bytes, damage) {
  if (bytes.length === 0) return bytes;
  const start = at(bytes, damage.at);
  const [before, after] = [bytes.subarray(0, start), bytes.subarray(start)];
  switch (damage.kind) {
    case 'byte':
      return joined(before, Buffer.of(damage.value), after.subarray(1));
    case 'bit':
      return joined(before, Buffer.of(after[0] ^ (1 << damage.bit)), after.subarray(1));
    case 'word': {
      const word = Buffer.from(damage.word, 'hex');
      return joined(before, word, after.subarray(damage.inserted ? 0 : word.length));
    }
    case 'cut':
      return joined(before, after.subarray(damage.length));
    case 'double': {
      const part = after.subarray(0, damage.length);
      return joined(before, ...Array(damage.times).fill(part), after);
    }
    case 'end':
      return before;
    case 'graft': {
      const from = at(damage.other, damage.from);
      const part = damage.other.subarray(from, from + damage.length);
      return joined(before, part, after.subarray(part.length));
    }
  }
}

const PNG = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
function withPngChecksums(bytes) {
  const mended = Buffer.from(bytes);
  for (let start = PNG.length; start + 12 <= mended.length;) {
    const end = start + 8 + mended.readUInt32BE(start);
    if (end + 4 > mended.length) break;
    mended.writeUInt32BE(crc32(mended.subarray(start + 4, end)), end);
    start = end + 4;
  }
  return mended;
}

const ZIP = Buffer.from('PK\x03\x04', 'latin1');
const [DIRECTORY_ENTRY, DIRECTORY_END_BYTES] = [0x02014b50, 22];
/** Entries that are stored as they are. */
function withZipChecksums(bytes) {
  const mended = Buffer.from(bytes);
  const end = mended.length - DIRECTORY_END_BYTES;
  if (end < 0) return bytes;
  let at = mended.readUInt32LE(end + 16);
  while (at + 46 <= end && mended.readUInt32LE(at) === DIRECTORY_ENTRY) {
    const [size, local] = [mended.readUInt32LE(at + 20), mended.readUInt32LE(at + 42)];
    if (local + 30 > end) break;
    const start = local + 30 + mended.readUInt16LE(local + 26) + mended.readUInt16LE(local + 28);
    mended.writeUInt32LE(crc32(mended.subarray(start, start + size)), at + 16);
    const lengths = [28, 30, 32].map((field) => mended.readUInt16LE(at + field));
    at += lengths.reduce((sum, length) => sum + length, 46);
  }
  return mended;
}

/** Checksums of a PNG or a zip archive made right again, without which whoever reads it looks no further. */
function withChecksums(bytes) {
  if (bytes.subarray(0, PNG.length).equals(PNG)) return withPngChecksums(bytes);
  return bytes.subarray(0, ZIP.length).equals(ZIP) ? withZipChecksums(bytes) : bytes;
}

/** Files of a corpus with one to six damages each. */
export function damagedFiles(corpus) {
  const damages = fc.array(oneDamage(corpus), { minLength: 1, maxLength: 6 });
  return fc.tuple(fc.constantFrom(...corpus), damages, fc.boolean()).map(([file, list, mended]) => {
    const bytes = list.reduce(damaged, file);
    return mended ? withChecksums(bytes) : bytes;
  });
}
