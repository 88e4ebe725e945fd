import { type Exporter, WinnowError, isFileName, tagOf, withFields } from '@winnow/plugin-api';
import { attempt } from './attempt.ts';

/** Looked at by tag, since a plugin's arrays may be of another realm. */
function problemOf(encoded: unknown): string | undefined {
  if (tagOf(encoded) === 'Uint8Array') return undefined;
  if (tagOf(encoded) !== 'Map') return `encoded ${tagOf(encoded)} where bytes are due`;
  const files = [...(encoded as ReadonlyMap<unknown, unknown>)];
  if (files.length === 0) return 'encoded a folder without files';
  for (const [name, bytes] of files) {
    if (typeof name !== 'string' || !isFileName(name))
      return `encoded a file named "${String(name)}", which is no name within its folder`;
    if (tagOf(bytes) !== 'Uint8Array')
      return `encoded ${tagOf(bytes)} where the bytes of "${name}" are due`;
  }
  return undefined;
}

/** Its `encode` throws PLUGIN_FAILED for what is neither the bytes of a file, nor those of files that stay in their folder. */
export function guardExporter(exporter: Exporter, title: string, plugin: string): Exporter {
  return withFields<Exporter>(exporter, {
    plugin,
    encode(trained) {
      const encoded = attempt(title, () => exporter.encode(trained));
      const problem = problemOf(encoded);
      if (problem === undefined) return encoded;
      throw new WinnowError('PLUGIN_FAILED', `${title} ${problem}.`, {
        hint: 'Its encode() must return a Uint8Array, or a Map of them by the names of files.',
      });
    },
    ...(exporter.owns && { owns: (name) => attempt(title, () => exporter.owns!(name)) }),
  });
}
