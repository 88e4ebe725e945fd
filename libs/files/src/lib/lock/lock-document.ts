import { WinnowError } from '@winnow/plugin-api';
import type { LockOwner } from './lock-owner.ts';

/** Of what lies in the place of a lock and is none: whether a process works there cannot be told from it. */
export function badLock(path: string, problem: string): WinnowError {
  return new WinnowError('BAD_LOCK', `${path} is no lock that Winnow wrote: ${problem}.`, {
    hint: 'If no process works in its folder, remove it.',
  });
}

type Check = (value: unknown) => boolean;

const isWord =
  (most: number): Check =>
  (value) =>
    typeof value === 'string' && value.length <= most && !/\p{Cc}/u.test(value);

/** What each field of a lock is: whoever can write into the folder may have written it, and it names processes and files. */
const FIELDS: Readonly<Record<keyof LockOwner, Check>> = {
  host: isWord(255),
  // 0 and negative numbers are groups of processes.
  pid: (value) => Number.isInteger(value) && Number(value) > 0 && Number(value) < 2 ** 31,
  since: (value) =>
    typeof value === 'string' &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value) &&
    !Number.isNaN(Date.parse(value)),
  machine: isWord(1000),
  started: (value) => value === undefined || isWord(100)(value),
  // A part of file names.
  token: (value) => typeof value === 'string' && /^[\da-z-]{1,36}$/.test(value),
};

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'missing';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** Empty, or without its end, which is a brace that nothing before it has. */
const isTorn = (text: string) => text === '' || (text.startsWith('{') && !text.endsWith('}'));

/** The owner that a lock's text tells of; undefined of one that is not written to its end. Throws BAD_LOCK. */
export function ownerIn(text: string, path: string): LockOwner | undefined {
  if (isTorn(text)) return undefined;
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    throw badLock(path, 'it is not JSON');
  }
  if (typeof found !== 'object' || found === null)
    throw badLock(path, `it holds ${shown(found)} where an owner is to be`);
  const fields = found as Readonly<Record<string, unknown>>;
  for (const [name, fits] of Object.entries(FIELDS))
    if (!fits(fields[name])) throw badLock(path, `its ${name} is ${shown(fields[name])}`);
  return found as LockOwner;
}
