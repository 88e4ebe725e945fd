import { dirname, isAbsolute, join, resolve } from 'node:path';
import { WinnowError } from '@winnow/plugin-api';
import { type Study, parseStudy } from '@winnow/studies';
import type { PluginSource } from '../composition/load-plugins.ts';
import { YamlFile } from './yaml-file.ts';

/** A study by its file. Throws BAD_STUDY. */
export function readStudy(path: string): Study {
  const file = new YamlFile(path, (line, problem, hint) => {
    const place = line === undefined ? path : `${path}, line ${line}`;
    return new WinnowError('BAD_STUDY', `${place}: ${problem}.`, { hint });
  });
  file.orBad(() => file.checkKeys(file.top));
  const lineOf = (at: readonly PropertyKey[]) => file.lineAtPath(at);
  return parseStudy(file.plain(file.top) ?? {}, { path, lineOf });
}

/** Relative to the study's file. */
export function pluginsOfStudy({ plugins = [], place: { path } }: Study): PluginSource[] {
  const from = dirname(resolve(path));
  return plugins.map((specifier) => ({ specifier, from, asker: path }));
}

/** Folder of its runs, as seen from the current folder. */
export function runsOf({ runs = 'runs', place: { path } }: Study): string {
  return isAbsolute(runs) ? runs : join(dirname(path), runs);
}
