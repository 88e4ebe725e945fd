import { calledAt, suggestName, toldIssue } from '@winnow/plugin-api';
import * as z from 'zod';
import { type StudyPlace, badStudy } from './study-place.ts';

/** What of a run can be kept once it is done, beside its result. */
export const KEPT = ['start', 'scores', 'ticket', 'rounds', 'weights', 'metrics'] as const;
export type Kept = (typeof KEPT)[number];

/** In what runs that are found may differ from what would be made here. */
export const ALLOWED = ['backend', 'version', 'commit'] as const;
export type Allowed = (typeof ALLOWED)[number];

const settings = z.record(z.string(), z.unknown());
const whole = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

/** Beyond so many it is one seed that is meant. */
const MOST_SEEDS = 1000;

/** A study as its file has it. */
export const studyFile = z.strictObject({
  runs: z
    .string()
    .min(1)
    .optional()
    .describe('folder of the runs, as seen from this file; runs unless told otherwise'),
  plugins: z
    .array(z.string().min(1))
    .optional()
    .describe('files, as seen from this one, or packages'),
  base: settings.optional().describe('options of winnow run that all runs have'),
  axes: z
    .record(z.string(), z.array(z.unknown()).min(1))
    .optional()
    .describe(
      'options with the values that they take: every combination is a setting; a value that is a map sets several',
    ),
  where: z
    .array(
      z
        .strictObject({
          skip: settings.optional().describe('combinations that match are left out'),
          if: settings.optional().describe('of combinations that match'),
          only: settings.optional().describe('those alone stay that match this too'),
        })
        .refine(
          (rule) => ('skip' in rule ? Object.keys(rule).length === 1 : rule.if && rule.only),
          'is neither { skip: … } nor { if: …, only: … }',
        ),
    )
    .optional()
    .describe('which combinations of the axes there are'),
  include: z
    .array(settings)
    .optional()
    .describe('settings beside those of the axes, over the base'),
  seeds: z
    .union(
      [z.int().min(1).max(MOST_SEEDS), z.array(whole).min(1)],
      'is neither a count nor a list of whole numbers',
    )
    .optional()
    .describe('seeds of every setting: a list, or how many, from 1 on'),
  keep: z
    .union(
      [z.literal('all'), z.array(z.enum(KEPT))],
      `is neither all nor some of ${KEPT.join(', ')}`,
    )
    .optional()
    .describe('what runs keep beside their results once they are done; all unless told otherwise'),
  observe: z
    .array(z.string().min(1))
    .optional()
    .describe('observers that watch the runs, such as tensorboard'),
  allow: z
    .array(z.enum(ALLOWED))
    .optional()
    .describe('in what runs that are there may differ from those that would be made here'),
  executor: z
    .union(
      [z.string().min(1), z.looseObject({ name: z.string().min(1) })],
      'is neither the name of an executor nor a map of its name and options',
    )
    .optional()
    .describe('what carries the runs out: local unless told otherwise'),
});

export type StudyFile = z.output<typeof studyFile>;

/** A study, and where it was read. */
export interface Study extends StudyFile {
  readonly place: StudyPlace;
}

/** A study out of plain data. Throws BAD_STUDY with the line of what is wrong. */
export function parseStudy(content: unknown, place: StudyPlace): Study {
  const parsed = studyFile.safeParse(content);
  if (parsed.success) return { ...parsed.data, place };
  const [issue] = parsed.error.issues;
  const { path } = issue!;
  if (issue!.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const known = path.length === 0 ? Object.keys(studyFile.shape) : ['skip', 'if', 'only'];
    throw badStudy(place, [...path, key], `there is no "${key}" here`, suggestName(key, known));
  }
  const isSeed = issue!.code === 'too_big' && path.length === 1 && path[0] === 'seeds';
  const what = path.length === 0 ? 'this' : calledAt(path);
  throw badStudy(
    place,
    path,
    `${what} ${toldIssue(issue!)}`,
    isSeed
      ? `A number says how many; as a list, [${(content as { seeds: number }).seeds}], it is one seed.`
      : 'See docs/studies.md, or `winnow study schema`.',
  );
}
