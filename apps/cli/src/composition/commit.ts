import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const LETTERS = 12;

const textOf = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined);

/** Where git keeps what is of this working tree, of which there may be several. */
function gitFolder(root: string): string | undefined {
  const place = join(root, '.git');
  if (!existsSync(place)) return undefined;
  if (statSync(place).isDirectory()) return place;
  const [, elsewhere] = /^gitdir: (.*)$/.exec(textOf(place) ?? '') ?? [];
  return elsewhere === undefined ? undefined : resolve(root, elsewhere);
}

/** The commit of a clone, its first letters; undefined where a folder is none. What is changed since is not told. */
export function commitOf(root: string): string | undefined {
  const own = gitFolder(root);
  const head = own && textOf(join(own, 'HEAD'));
  if (!head) return undefined;
  const [, name] = /^ref: (.*)$/.exec(head) ?? [];
  if (name === undefined) return head.slice(0, LETTERS);
  const common = resolve(own, textOf(join(own, 'commondir')) ?? '.');
  const packed = textOf(join(common, 'packed-refs'))?.split('\n') ?? [];
  const found =
    textOf(join(own, name)) ??
    textOf(join(common, name)) ??
    packed.find((line) => line.endsWith(` ${name}`));
  return found?.slice(0, LETTERS);
}
