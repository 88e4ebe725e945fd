import type * as z from 'zod';

/** What a value of a file is to be, by what zod calls it. */
const KINDS: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'a map',
  record: 'a map',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

/** `value 3 of "seeds"` */
export const calledAt = (path: readonly PropertyKey[]) =>
  [...path]
    .reverse()
    .map((part) => (typeof part === 'number' ? `value ${part + 1}` : `"${String(part)}"`))
    .join(' of ');

/** What is wrong with a value, to be said after its name: "is to be a list". A schema's own messages are said so too. */
export function toldIssue(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `is to be ${KINDS[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `is to be ${issue.values.map(String).join(' or ')}`;
    case 'too_small':
      return issue.origin === 'array' || issue.origin === 'string'
        ? 'is empty'
        : `is to be ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`;
    case 'too_big':
      return `is to be ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}`;
    default:
      return issue.message;
  }
}
