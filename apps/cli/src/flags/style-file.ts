import { type FigureStyle, parseStyle } from '@winnow/studies/figures';
import { readYaml } from './yaml-file.ts';

/** The style of a figure by its file. Throws BAD_STYLE. */
export function readStyle(path: string): FigureStyle {
  const { value, place } = readYaml(path, 'BAD_STYLE');
  return parseStyle(value, place);
}
