import { decodeSafetensors, safetensorsMetadata, sealSafetensors, sha256 } from '@winnow/files';
import { WinnowError, isWinnowError } from '@winnow/plugin-api';
import { FORMAT, assertFormat } from './format.ts';
import { parseJson } from './json-document.ts';
import type { RunStore } from './run-store.ts';
import { whatIsLeft } from './what-is-left.ts';

type Document = Readonly<Record<string, unknown>>;

function checksumOf({ checksum, ...content }: Document): string {
  return sha256(JSON.stringify(content));
}

/** The text of a JSON document that bears its format and a checksum of all that it says. */
export function sealedJson(content: object, indent?: number): string {
  // As it will be read: without what JSON leaves out, and in the order that it keeps.
  const said = JSON.parse(JSON.stringify({ format: FORMAT, ...content })) as Document;
  return `${JSON.stringify({ ...said, checksum: checksumOf(said) }, undefined, indent)}\n`;
}

/** Whether a document is what was written. */
export function isIntact(document: Document): boolean {
  return document['checksum'] === checksumOf(document);
}

/** Throws BAD_RUN where a value read is no object with a format, RUN_VERSION where that is another one. */
export function asDocument(found: unknown, place: string, hint: string): Document {
  const isObject = typeof found === 'object' && found !== null && !Array.isArray(found);
  if (isObject && 'format' in found) {
    assertFormat(found.format, place);
    return found;
  }
  throw new WinnowError('BAD_RUN', `${place} is not a file of a run.`, { hint });
}

/**
 * The files of a run, each of which says of which format it is, of which run, and what its checksum is; tensors also, as
 * which file of the run they were written. What is not this run's, or is not what it wrote, is refused by name, with what
 * is left to do: RUN_VERSION, FOREIGN_FILE (CHECKPOINT_MISMATCH of a checkpoint), BAD_CHECKSUM, BAD_SAFETENSORS, BAD_RUN.
 */
export class SealedFiles {
  readonly #store: RunStore;
  readonly #run: (name?: string) => Promise<string>;

  /** `run` tells which run it is, by what decides its numbers, or those of the tensors of this name. */
  constructor(store: RunStore, run: (name?: string) => Promise<string>) {
    this.#store = store;
    this.#run = run;
  }

  async readTensors(name: string): Promise<Uint8Array | undefined> {
    const bytes = await this.#store.read(name);
    if (!bytes) return undefined;
    const place = this.#store.place(name);
    try {
      const { metadata, sealed } = safetensorsMetadata(bytes, place);
      if (metadata['winnow.format'] !== undefined) assertFormat(metadata['winnow.format'], place);
      if (!sealed) throw this.#foreign(name, 'does not say of which run it is');
      const made = metadata['winnow.run'];
      if (made !== (await this.#run(name)) && made !== (await this.#run()))
        throw this.#foreign(name, 'is of another run');
      if (metadata['winnow.file'] !== name)
        throw this.#foreign(name, `was written as ${metadata['winnow.file']}`);
      decodeSafetensors(bytes, place);
    } catch (error) {
      if (!isWinnowError(error) || !/^BAD_/.test(error.code)) throw error;
      throw new WinnowError(error.code, error.sentence, { hint: whatIsLeft(name), cause: error });
    }
    return bytes;
  }

  /** `bytes` are those of a safetensors file. */
  async writeTensors(name: string, bytes: Uint8Array): Promise<void> {
    const mark = {
      'winnow.format': String(FORMAT),
      'winnow.run': await this.#run(name),
      'winnow.file': name,
    };
    await this.#store.write(name, sealSafetensors(bytes, mark));
  }

  /** What was written, without the seal. */
  async readJson(name: string): Promise<Document | undefined> {
    const bytes = await this.#store.read(name);
    if (!bytes) return undefined;
    const place = this.#store.place(name);
    const hint = whatIsLeft(name);
    const document = asDocument(parseJson(bytes, place, hint), place, hint);
    if (!isIntact(document)) {
      throw new WinnowError('BAD_RUN', `${place} is not what the run wrote.`, { hint });
    }
    const { format, run, checksum, ...content } = document;
    if (run !== (await this.#run())) throw this.#foreign(name, 'is of another run');
    return content;
  }

  async writeJson(name: string, content: object, indent?: number): Promise<void> {
    const sealed = sealedJson({ run: await this.#run(), ...content }, indent);
    await this.#store.write(name, sealed);
  }

  #foreign(name: string, problem: string): WinnowError {
    const code = name.startsWith('checkpoint/') ? 'CHECKPOINT_MISMATCH' : 'FOREIGN_FILE';
    return new WinnowError(code, `${this.#store.place(name)} ${problem}.`, {
      hint: whatIsLeft(name),
    });
  }
}
