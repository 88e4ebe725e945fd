import { WinnowError, calledAt, suggestName, toldIssue } from '@winnow/plugin-api';
import { MARKERS } from '@winnow/report/figures';
import * as z from 'zod';
import { type StudyPlace, lineAt } from '../study/study-place.ts';

const colour = z.string().regex(/^#[0-9a-f]{6}$/i, 'is no colour such as "#0072b2"');
const dash = z
  .string()
  .regex(
    /^(solid|(?=.*[1-9])\d{1,2}(\.\d{1,2})?( \d{1,2}(\.\d{1,2})?){1,5})$/,
    'is neither solid nor lengths in points such as "4 2"',
  );
const look = z.strictObject(
  {
    name: z.string().min(1).optional(),
    colour: colour.optional(),
    marker: z.enum(MARKERS).optional(),
    dash: dash.optional(),
  },
  {
    error: ({ code }) =>
      code === 'invalid_type'
        ? 'is neither a name nor a map of name, colour, marker and dash'
        : undefined,
  },
);
/** A name alone stands for a look that has no more. */
const series = z.preprocess((own) => (typeof own === 'string' ? { name: own } : own), look);
const percent = z.number().min(0).max(100).optional();
const ends = z.strictObject({ from: percent, to: percent });

/** How a figure is set: the file of `--style`. */
const figureStyle = z.strictObject({
  series: z
    .record(z.string(), series)
    .optional()
    .describe(
      'by the names that they have without: another name, or more; their order is the legend’s',
    ),
  hide: z.array(z.string()).optional().describe('series to leave out'),
  panels: z
    .union(
      [z.array(z.string()).min(1), z.record(z.string(), z.string().min(1))],
      'is neither a list nor a map of names',
    )
    .optional()
    .describe('those to draw, in their order; a map gives them other names'),
  labels: z
    .record(z.string(), z.string())
    .optional()
    .describe('of axes, by those that they have without'),
  accuracy: ends
    .refine(({ from = 0, to = 100 }) => from < to, 'does not go from less to more')
    .optional()
    .describe('ends of axes of accuracies, in percent; fitted to the data unless told otherwise'),
  fontSize: z
    .number()
    .min(5)
    .max(16)
    .optional()
    .describe('of labels, in points; ticks are 1 smaller'),
  panelsPerRow: z.int().min(1).max(8).optional(),
  panelHeight: z.number().min(15).max(200).optional().describe('of what axes enclose, in mm'),
  interval: z
    .enum(['bars', 'band', 'none'])
    .optional()
    .describe('how the 95 % interval of a mean is drawn'),
});

export interface FigureStyle extends z.output<typeof figureStyle> {
  readonly place?: StudyPlace;
}

/** BAD_STYLE, with the file and the line. */
export function badStyle(
  place: StudyPlace,
  path: readonly PropertyKey[],
  problem: string,
  hint: string,
) {
  return new WinnowError('BAD_STYLE', `${lineAt(place, path)}: ${problem}.`, { hint });
}

/** A style out of plain data. Throws BAD_STYLE with the line of what is wrong. */
export function parseStyle(content: unknown, place: StudyPlace): FigureStyle {
  const parsed = figureStyle.safeParse(content);
  if (parsed.success) return { ...parsed.data, place };
  const [issue] = parsed.error.issues;
  const { path } = issue!;
  if (issue!.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const known = path.length === 0 ? figureStyle : path[0] === 'accuracy' ? ends : look;
    throw badStyle(
      place,
      [...path, key],
      `there is no "${key}" here`,
      suggestName(key, Object.keys(known.shape)),
    );
  }
  const what = path.length === 0 ? 'this' : calledAt(path);
  throw badStyle(place, path, `${what} ${toldIssue(issue!)}`, 'See docs/figures.md.');
}
