import type * as z from 'zod';
import { WinnowError } from './winnow-error.ts';

/** Options as a user gives them, before a component's schema has seen them. */
export type GivenOptions = Readonly<Record<string, unknown>>;

/** Checks options against a component's schema. Throws INVALID_OPTION naming the option, its owner and what is allowed. */
export function parseOptions<S extends z.ZodType>(
  schema: S,
  options: unknown,
  owner: string,
): z.output<S> {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => {
    const name = issue.path.join('.');
    return name ? `${name}: ${issue.message}` : issue.message;
  });
  throw new WinnowError('INVALID_OPTION', `Bad options for ${owner}: ${problems.join('; ')}.`, {
    cause: parsed.error,
  });
}
