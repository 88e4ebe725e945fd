import { WinnowError } from '@winnow/plugin-api';

const HEADER_LENGTH_BYTES = 8;
const SPACE = 0x20;
/** How zip archives begin, those of `torch.save` among them. */
const ZIP = [0x50, 0x4b, 0x03, 0x04];
/** A byte order mark is no JSON. */
const HEADER_TEXT = new TextDecoder('utf-8', { ignoreBOM: true });

/** A file as its format has it: what the header says, and the bytes that it speaks of. */
export interface SafetensorsParts {
  /** By tensor, as the file says it, without the metadata. */
  readonly entries: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly data: Uint8Array;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function badSafetensors(source: string, problem: string, cause?: unknown): WinnowError {
  return new WinnowError('BAD_SAFETENSORS', `${source} is no valid safetensors file: ${problem}.`, {
    hint: 'Write or download it again.',
    cause,
  });
}

const zipInstead = (source: string) =>
  new WinnowError(
    'BAD_SAFETENSORS',
    `${source} is a zip archive, as torch.save writes them, and no safetensors file.`,
    { hint: '`winnow import` makes safetensors of it.' },
  );

/**
 * The format of https://github.com/huggingface/safetensors: header length (u64), JSON header, little-endian data, of which
 * there may be several pieces.
 */
export function joinSafetensors(
  { entries, metadata }: Omit<SafetensorsParts, 'data'>,
  data: readonly ArrayBufferView[],
): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify({ __metadata__: metadata, ...entries }));
  const padded = Math.ceil(json.length / 8) * 8; // readers map the data, so it starts aligned
  let at = HEADER_LENGTH_BYTES + padded;
  const file = new Uint8Array(data.reduce((sum, { byteLength }) => sum + byteLength, at));
  new DataView(file.buffer).setBigUint64(0, BigInt(padded), true);
  file.set(json, HEADER_LENGTH_BYTES);
  file.fill(SPACE, HEADER_LENGTH_BYTES + json.length, at);
  for (const { buffer, byteOffset, byteLength } of data) {
    file.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return file;
}

/** `source` is named in errors. Throws BAD_SAFETENSORS; what the header says of tensors is not looked at. */
export function splitSafetensors(bytes: Uint8Array, source: string): SafetensorsParts {
  const fail = (problem: string, cause?: unknown): never => {
    throw badSafetensors(source, problem, cause);
  };
  if (bytes.length < HEADER_LENGTH_BYTES) fail(`it has ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = Number(view.getBigUint64(0, true));
  const start = HEADER_LENGTH_BYTES + headerLength;
  if (start > bytes.length) {
    // Whoever has a file of PyTorch's may bring it here first.
    if (ZIP.every((byte, i) => bytes[i] === byte)) throw zipInstead(source);
    fail(`its header claims ${headerLength} bytes and the file has ${bytes.length}`);
  }
  let header: unknown;
  try {
    header = JSON.parse(HEADER_TEXT.decode(bytes.subarray(HEADER_LENGTH_BYTES, start)));
  } catch (cause) {
    fail('its header is not JSON', cause);
  }
  if (!isRecord(header)) return fail('its header is not an object');
  const { __metadata__: metadata = {}, ...entries } = header;
  if (!isRecord(metadata) || !Object.values(metadata).every((v) => typeof v === 'string')) {
    return fail('its metadata are not all text');
  }
  return { entries, metadata: metadata as Record<string, string>, data: bytes.subarray(start) };
}
