import { sha256 } from '@winnow/files';

/** MLflow checks by `\w` of Python: letters and digits of all scripts. */
const REFUSED = /[^\p{L}\p{N}_/. -]/gu;
const MOST_CHARACTERS = 250;

const cut = (text: string, length: number) => [...text].slice(0, length).join('');

/** Names as MLflow takes them; where two would be one, the later one ends with its hash. */
export function distinctKeys(): (name: string) => string {
  const keys = new Map<string, string>();
  const taken = new Set<string>();
  const newKey = (name: string) => {
    const plain = cut(name.replace(REFUSED, '_'), MOST_CHARACTERS);
    if (!taken.has(plain)) return plain;
    const hash = `_${sha256(name).slice(0, 8)}`;
    return cut(plain, MOST_CHARACTERS - hash.length) + hash;
  };
  return (name) => {
    const key = keys.get(name) ?? newKey(name);
    keys.set(name, key);
    taken.add(key);
    return key;
  };
}
