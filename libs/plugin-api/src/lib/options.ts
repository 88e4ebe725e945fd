import type * as z from 'zod';
import { toldIssues } from './told-issue.ts';
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
  const told = toldIssues(parsed.error.issues, String);
  throw new WinnowError('INVALID_OPTION', `Bad options for ${owner}: ${told}.`, {
    cause: parsed.error,
  });
}

/** What a schema has against options that `parseOptions` refused; nothing of other errors. */
export function optionIssues(error: unknown): readonly z.core.$ZodIssue[] {
  const { code, cause } = error as { code?: unknown; cause?: Partial<z.ZodError> };
  return code === 'INVALID_OPTION' ? (cause?.issues ?? []) : [];
}
