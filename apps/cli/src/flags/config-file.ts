import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { WinnowError, isWinnowError } from '@winnow/plugin-api';
import { LineCounter, type Node, type YAMLMap, isMap, isScalar, parseDocument } from 'yaml';
import type { PluginSource } from '../composition/load-plugins.ts';

/** A key of a configuration file, with where it stands for errors. */
export interface ConfigEntry {
  readonly key: string;
  /** Plain data: strings, numbers, booleans, lists, or null. */
  readonly value: unknown;
  /** Counted from 1. */
  readonly line: number;
  /** What is below it, where it is a section. */
  readonly entries?: readonly ConfigEntry[];
}

export interface ConfigFile {
  readonly path: string;
  readonly entries: readonly ConfigEntry[];
}

/** BAD_CONFIG, with the file, and the line where one is to blame. */
export function badConfig(
  path: string,
  line: number | undefined,
  problem: string,
  hint: string,
): WinnowError {
  const place = line === undefined ? path : `${path}, line ${line}`;
  return new WinnowError('BAD_CONFIG', `${place}: ${problem}.`, { hint });
}

/** A file with options for every command has a hundredth of it; the parser's time and memory go with it. */
const MOST_BYTES = 2 ** 20;

function textOf(path: string): string {
  const bad = (problem: string, hint: string) => badConfig(path, undefined, problem, hint);
  if (!existsSync(path)) throw bad('there is no such file', 'Check the path after --config.');
  let size: number;
  try {
    // A pipe, such as <(…) of a shell, has no size.
    ({ size } = statSync(path));
    if (size <= MOST_BYTES) return readFileSync(path, 'utf8');
  } catch (cause) {
    const reason = (cause as Error).message;
    throw bad(`it cannot be read (${reason})`, 'Give a file that you may read.');
  }
  throw bad(`it has ${size} bytes where at most ${MOST_BYTES} are read`, 'Give another file.');
}

/** Reads a YAML file whose top is a map. Throws BAD_CONFIG. */
export function readConfigFile(path: string): ConfigFile {
  const text = textOf(path);
  const lineCounter = new LineCounter();
  const lineAt = (offset: number | undefined) => lineCounter.linePos(offset ?? 0).line;
  /** The parser's own errors: nesting deeper than the stack; names of values that stand nowhere, or stand for too many. */
  const orBad = <T>(work: () => T, node?: Node | null): T => {
    try {
      return work();
    } catch (error) {
      if (isWinnowError(error)) throw error;
      const deep = error instanceof RangeError;
      const reason = deep ? 'it is nested too deeply' : (error as Error).message;
      const line = node?.range ? lineAt(node.range[0]) : undefined;
      throw badConfig(path, line, `this cannot be read (${reason})`, 'Write the values out.');
    }
  };
  const how = { lineCounter, prettyErrors: false, logLevel: 'error' } as const;
  const document = orBad(() => parseDocument(text, how));
  const [error] = document.errors;
  if (error) {
    const line = lineAt(error.pos[0]);
    throw badConfig(path, line, `this is not YAML (${error.message})`, 'Mend the line.');
  }
  const { contents } = document;
  if (contents === null) return { path, entries: [] };
  if (!isMap(contents))
    throw badConfig(
      path,
      lineAt(contents.range?.[0]),
      'this is no map of keys to values',
      'Write KEY: VALUE.',
    );
  const wordOf = (key: unknown): string => {
    if (isScalar(key) && typeof key.value === 'string') return key.value;
    const line = lineAt((key as Node | null)?.range?.[0]);
    throw badConfig(path, line, 'a key is not a word', 'Write KEY: VALUE.');
  };
  const checkKeys = (node: unknown): void => {
    if (!isMap(node)) return;
    for (const { key, value } of node.items) {
      wordOf(key);
      checkKeys(value);
    }
  };
  /** Sections of commands, of those within them, and options; no deeper, for their values may be nested without end. */
  const entriesOf = (map: YAMLMap, sections: number): ConfigEntry[] =>
    map.items.map(({ key, value }) => {
      checkKeys(value);
      const node = value as Node | null;
      const plain = orBad((): unknown => node?.toJS(document) ?? null, node);
      const entry = { key: wordOf(key), value: plain, line: lineAt((key as Node).range?.[0]) };
      return sections === 0 || !isMap(node)
        ? entry
        : { ...entry, entries: entriesOf(node, sections - 1) };
    });
  return { path, entries: orBad(() => entriesOf(contents, 2)) };
}

/** What `plugins:` of a file names, relative to the file. Throws BAD_CONFIG. */
export function pluginsOf({ path, entries }: ConfigFile): PluginSource[] {
  const entry = entries.find(({ key }) => key === 'plugins');
  if (!entry) return [];
  const { value, line } = entry;
  if (Array.isArray(value) && value.every((name) => typeof name === 'string' && name !== '')) {
    const from = dirname(resolve(path));
    return (value as string[]).map((specifier) => ({ specifier, from, asker: path }));
  }
  throw badConfig(
    path,
    line,
    '"plugins" is no list of files and packages',
    'Write plugins: [./mine.mjs, some-package].',
  );
}
