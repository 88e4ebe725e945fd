import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { WinnowError } from '@winnow/plugin-api';
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

/** Reads a YAML file whose top is a map. Throws BAD_CONFIG. */
export function readConfigFile(path: string): ConfigFile {
  if (!existsSync(path)) {
    throw badConfig(path, undefined, 'there is no such file', 'Check the path after --config.');
  }
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    const reason = (cause as Error).message;
    throw badConfig(
      path,
      undefined,
      `it cannot be read (${reason})`,
      'Give a file that you may read.',
    );
  }
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const lineOf = (node: Node | null | undefined) => lineCounter.linePos(node?.range?.[0] ?? 0).line;
  const [error] = document.errors;
  if (error) {
    const { line } = lineCounter.linePos(error.pos[0]);
    throw badConfig(path, line, `this is not YAML (${error.message})`, 'Mend the line.');
  }
  const entriesOf = (map: YAMLMap): ConfigEntry[] =>
    map.items.map(({ key, value }) => {
      const line = lineOf(key as Node);
      if (!isScalar(key) || typeof key.value !== 'string')
        throw badConfig(path, line, 'a key is not a word', 'Write KEY: VALUE.');
      const node = value as Node | null;
      const plain: unknown = node?.toJS(document) ?? null;
      const entry = { key: key.value, value: plain, line };
      return isMap(node) ? { ...entry, entries: entriesOf(node) } : entry;
    });
  const { contents } = document;
  if (contents === null) return { path, entries: [] };
  if (!isMap(contents))
    throw badConfig(
      path,
      lineOf(contents),
      'this is no map of keys to values',
      'Write KEY: VALUE.',
    );
  return { path, entries: entriesOf(contents) };
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
