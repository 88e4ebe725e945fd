import { rm } from 'node:fs/promises';
import type { Clock } from '@winnow/plugin-api';
import { readIfThere, writeWhole } from '@winnow/files/disk';
import { StoredCheckpoints } from './stored-checkpoints.ts';

/** A checkpoint as one safetensors file, written whole. */
export class FileCheckpoints extends StoredCheckpoints {
  constructor(path: string, intervalMs: number, clock?: Clock) {
    const place = {
      source: path,
      read: () => readIfThere(path),
      write: (bytes: Uint8Array) => writeWhole(path, bytes),
      remove: () => rm(path, { force: true }),
    };
    super(place, intervalMs, clock);
  }
}
