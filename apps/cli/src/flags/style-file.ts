import { WinnowError } from '@winnow/plugin-api';
import { type FigureStyle, parseStyle } from '@winnow/studies/figures';
import { YamlFile } from './yaml-file.ts';

/** The style of a figure by its file. Throws BAD_STYLE. */
export function readStyle(path: string): FigureStyle {
  const file = new YamlFile(path, (line, problem, hint) => {
    const place = line === undefined ? path : `${path}, line ${line}`;
    return new WinnowError('BAD_STYLE', `${place}: ${problem}.`, { hint });
  });
  file.orBad(() => file.checkKeys(file.top));
  const lineOf = (at: readonly PropertyKey[]) => file.lineAtPath(at);
  return parseStyle(file.plain(file.top) ?? {}, { path, lineOf });
}
