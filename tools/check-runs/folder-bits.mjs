import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

/** What is another one each time, and the checksum over it. */
const OF_CHANCE = new Set([
  'minutes',
  'searchMinutes',
  'peakMemoryBytes',
  'peakDeviceBytes',
  'checksum',
]);
/** Drawn from the others, or of chance alone. */
const LEFT_OUT = /\.(html|png|svg|csv)$|(^|\/)(timings|speed|peak-memory)\.json$/;

const withoutChance = (text) =>
  JSON.stringify(JSON.parse(text, (key, value) => (OF_CHANCE.has(key) ? undefined : value)));

/** Every file below a folder by a hash of what must be the same each time; of the others, that they are there. */
export function folderBits(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    // What a run was told, of being stopped for instance, is no number of it.
    .filter((entry) => entry.isFile() && entry.name !== 'log.txt')
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return new Map(
    files.map((path) => {
      const name = relative(folder, path);
      if (LEFT_OUT.test(name)) return [name, 'there'];
      const bytes = readFileSync(path);
      const said = name.endsWith('.json') ? withoutChance(bytes.toString()) : bytes;
      return [name, createHash('sha256').update(said).digest('hex')];
    }),
  );
}

/** Names of files in which two folders differ. */
export function differences(one, other) {
  const names = new Set([...one.keys(), ...other.keys()]);
  return [...names].filter((name) => one.get(name) !== other.get(name));
}
