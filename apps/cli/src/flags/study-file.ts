import { dirname, isAbsolute, join, resolve } from 'node:path';
import { type Study, parseStudy } from '@winnow/studies';
import type { PluginSource } from '../composition/load-plugins.ts';
import { readYaml } from './yaml-file.ts';

/** A study by its file. Throws BAD_STUDY. */
export function readStudy(path: string): Study {
  const { value, place } = readYaml(path, 'BAD_STUDY');
  return parseStudy(value, place);
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
