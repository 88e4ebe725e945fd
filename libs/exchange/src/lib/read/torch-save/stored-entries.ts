import { crc32 } from 'node:zlib';
import { DAMAGED, Unfit, shortened } from './unfit.ts';

/** A ResNet-101 with its optimiser has two thousand. */
const MOST_ENTRIES = 2 ** 16;

interface Place {
  readonly from: number;
  readonly bytes: number;
  readonly crc: number;
  readonly isPlain: boolean;
}

/** What lies in a zip archive as it is, neither compressed nor encrypted: views of the file's own bytes. */
export class StoredEntries {
  readonly #file: Uint8Array;
  readonly #places: ReadonlyMap<string, Place>;
  /** Tensors may share an entry, whose checksum is computed once. */
  readonly #intact = new Set<string>();

  private constructor(file: Uint8Array, places: ReadonlyMap<string, Place>) {
    this.#file = file;
    this.#places = places;
  }

  /** Throws Unfit where the file is damaged, or holds an entry twice. */
  static async of(file: Uint8Array): Promise<StoredEntries> {
    const { fromBufferPromise } = await import('yauzl');
    const places = new Map<string, Place>();
    try {
      const zip = await fromBufferPromise(
        Buffer.from(file.buffer, file.byteOffset, file.byteLength),
      );
      if (zip.entryCount > MOST_ENTRIES) {
        throw new Unfit(`has ${zip.entryCount} entries, and ${MOST_ENTRIES} are the most`, DAMAGED);
      }
      for await (const entry of zip.eachEntry()) {
        const { fileName, uncompressedSize, crc32: crc } = entry;
        if (places.has(fileName)) {
          throw new Unfit(`holds the entry "${shortened(fileName)}" twice`, DAMAGED);
        }
        const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
        const isPlain = entry.compressionMethod === 0 && !entry.isEncrypted();
        places.set(fileName, { from: fileDataStart, bytes: uncompressedSize, crc, isPlain });
      }
    } catch (error) {
      if (error instanceof Unfit) throw error;
      const problem = (error as Error).message.split('\n')[0]!.replace(/\.$/, '');
      throw new Unfit(`is damaged or cut off (${shortened(problem)})`, DAMAGED);
    }
    return new StoredEntries(file, places);
  }

  get names(): readonly string[] {
    return [...this.#places.keys()];
  }

  /** Throws Unfit where there is none of this name, or where it is compressed or damaged. */
  read(name: string): Uint8Array {
    const place = this.#places.get(name);
    if (!place) throw new Unfit(`lacks its entry "${shortened(name)}"`, DAMAGED);
    if (!place.isPlain) {
      throw new Unfit(
        `has "${shortened(name)}" compressed or encrypted, which torch.save never does`,
        "In PyTorch: torch.save(torch.load('FILE'), 'weights.pth').",
      );
    }
    const bytes = this.#file.subarray(place.from, place.from + place.bytes);
    if (this.#intact.has(name)) return bytes;
    if (bytes.length !== place.bytes || crc32(bytes) !== place.crc) {
      throw new Unfit(`is damaged: "${shortened(name)}" is not what its checksum says`, DAMAGED);
    }
    this.#intact.add(name);
    return bytes;
  }
}
