import { existsSync, readFileSync, statSync } from 'node:fs';
import { WinnowError, isWinnowError } from '@winnow/plugin-api';
import type { StudyPlace } from '@winnow/studies';
import {
  type Document,
  LineCounter,
  type Node,
  type Pair,
  type YAMLMap,
  isMap,
  isNode,
  isScalar,
  parseDocument,
} from 'yaml';

/** An error of a file, at the line that is to blame where one is. */
export type BadFile = (line: number | undefined, problem: string, hint: string) => WinnowError;

/** A file with options for every command has a hundredth of it; the parser's time and memory go with it. */
const MOST_BYTES = 2 ** 20;

function textOf(path: string, bad: BadFile): string {
  if (!existsSync(path)) throw bad(undefined, 'there is no such file', 'Check the path.');
  let size: number;
  try {
    // A pipe, such as <(…) of a shell, has no size.
    ({ size } = statSync(path));
    if (size <= MOST_BYTES) return readFileSync(path, 'utf8');
  } catch (cause) {
    const reason = (cause as Error).message;
    throw bad(undefined, `it cannot be read (${reason})`, 'Give a file that you may read.');
  }
  throw bad(
    undefined,
    `it has ${size} bytes where at most ${MOST_BYTES} are read`,
    'Give another file.',
  );
}

/** A YAML file whose top is a map of words to values, with the lines of all that it says. */
export class YamlFile {
  readonly #document: Document;
  readonly #lines = new LineCounter();
  readonly #bad: BadFile;
  /** Nothing where the file is empty. */
  readonly top: YAMLMap | undefined;

  /** Throws what `bad` makes of what is wrong. */
  constructor(path: string, bad: BadFile) {
    this.#bad = bad;
    const text = textOf(path, bad);
    const how = { lineCounter: this.#lines, prettyErrors: false, logLevel: 'error' } as const;
    this.#document = this.orBad(() => parseDocument(text, how));
    const [error] = this.#document.errors;
    if (error) {
      const line = this.#lineAt(error.pos[0]);
      throw bad(line, `this is not YAML (${error.message})`, 'Mend the line.');
    }
    const { contents } = this.#document;
    if (contents === null) return;
    if (!isMap(contents))
      throw bad(this.lineOf(contents), 'this is no map of keys to values', 'Write KEY: VALUE.');
    this.top = contents;
  }

  /** The parser's own errors: nesting deeper than the stack; names of values that stand nowhere, or stand for too many. */
  orBad<T>(work: () => T, node?: Node | null): T {
    try {
      return work();
    } catch (error) {
      if (isWinnowError(error)) throw error;
      const deep = error instanceof RangeError;
      const reason = deep ? 'it is nested too deeply' : (error as Error).message;
      const line = node?.range ? this.#lineAt(node.range[0]) : undefined;
      throw this.#bad(line, `this cannot be read (${reason})`, 'Write the values out.');
    }
  }

  /** The word that a key is. */
  wordOf(key: unknown): string {
    if (isScalar(key) && typeof key.value === 'string') return key.value;
    throw this.#bad(this.lineOf(key), 'a key is not a word', 'Write KEY: VALUE.');
  }

  /** Throws where a key below a value is not a word. */
  checkKeys(node: unknown): void {
    if (!isMap(node)) return;
    for (const { key, value } of node.items) {
      this.wordOf(key);
      this.checkKeys(value);
    }
  }

  /** Plain data: strings, numbers, booleans, lists, maps, or null. */
  plain(node: Node | null | undefined): unknown {
    return this.orBad((): unknown => node?.toJS(this.#document) ?? null, node);
  }

  lineOf(node: unknown): number {
    return this.#lineAt(isNode(node) ? node.range?.[0] : undefined);
  }

  /** Of the key, or of the value in a list, at a path from the top; of the nearest one around it where there is none. */
  lineAtPath(path: readonly PropertyKey[]): number | undefined {
    for (let length = path.length; length > 0 && this.top; length--) {
      const around = length === 1 ? this.top : this.top.getIn(path.slice(0, length - 1), true);
      const last = path[length - 1];
      const pair = isMap(around)
        ? around.items.find(({ key }: Pair) => isScalar(key) && key.value === last)
        : undefined;
      const node = pair ? pair.key : this.top.getIn(path.slice(0, length), true);
      if (isNode(node)) return this.lineOf(node);
    }
    return undefined;
  }

  #lineAt(offset: number | undefined): number {
    return this.#lines.linePos(offset ?? 0).line;
  }
}

/** What a file of one kind says, and its lines for who looks at it further. Throws `code`. */
export function readYaml(
  path: string,
  code: string,
): { readonly value: unknown; readonly place: StudyPlace } {
  const file = new YamlFile(path, (line, problem, hint) => {
    const place = line === undefined ? path : `${path}, line ${line}`;
    return new WinnowError(code, `${place}: ${problem}.`, { hint });
  });
  file.orBad(() => file.checkKeys(file.top));
  return {
    value: file.plain(file.top) ?? {},
    place: { path, lineOf: (at) => file.lineAtPath(at) },
  };
}
