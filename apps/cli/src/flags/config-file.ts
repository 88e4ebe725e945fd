import { dirname, resolve } from 'node:path';
import { WinnowError } from '@winnow/plugin-api';
import { type Node, type YAMLMap, isMap } from 'yaml';
import type { PluginSource } from '../composition/load-plugins.ts';
import { YamlFile } from './yaml-file.ts';

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
  const file = new YamlFile(path, (line, problem, hint) => badConfig(path, line, problem, hint));
  /** Sections of commands, of those within them, and options; no deeper, for their values may be nested without end. */
  const entriesOf = (map: YAMLMap, sections: number): ConfigEntry[] =>
    map.items.map(({ key, value }) => {
      file.checkKeys(value);
      const node = value as Node | null;
      const entry = { key: file.wordOf(key), value: file.plain(node), line: file.lineOf(key) };
      return sections === 0 || !isMap(node)
        ? entry
        : { ...entry, entries: entriesOf(node, sections - 1) };
    });
  const { top } = file;
  return { path, entries: top ? file.orBad(() => entriesOf(top, 2)) : [] };
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
