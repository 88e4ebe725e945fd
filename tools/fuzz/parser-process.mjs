// One parser in a process of its own, which may be lost over an input.
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { serveConfined } from '@winnow/files/confined';
import { isWinnowError } from '@winnow/plugin-api';
import { parsers } from './parsers.mjs';

const folders = new Map();
async function folderOf(name, corpus, root) {
  if (!folders.has(name)) {
    const folder = await mkdtemp(join(root, `${name}-`));
    await parsers[name].make?.(folder, corpus);
    folders.set(name, folder);
  }
  return folders.get(name);
}

serveConfined({
  /** Yields the code of the error, or nothing; throws what is a fault. */
  async *read({ name, bytes, corpus, root }) {
    try {
      await parsers[name].read(bytes, await folderOf(name, corpus, root));
      yield undefined;
    } catch (error) {
      if (!isWinnowError(error) || error.code === 'INTERNAL') throw error;
      yield error.code;
    }
  },
});
