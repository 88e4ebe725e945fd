import type * as z from 'zod';

/** What a value must be, by what zod calls it. */
const KINDS: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'a map',
  record: 'a map',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

const quoted = (name: PropertyKey) => `"${String(name)}"`;

/** `value 3 of "seeds"`; what stands at the top may be called otherwise. */
export const calledAt = (
  path: readonly PropertyKey[],
  atTop: (name: PropertyKey) => string = quoted,
) =>
  path
    .map((part, depth) =>
      depth === 0 ? atTop(part) : typeof part === 'number' ? `value ${part + 1}` : quoted(part),
    )
    .reverse()
    .join(' of ');

/** What zod says where a schema does not say it. */
const ZODS_OWN = /^(Invalid (input|option)|Too (small|big)): expected /;

const shown = (bound: number | bigint) => bound.toLocaleString('en', { maximumFractionDigits: 20 });

/** What is counted of a value, by what zod calls it; of others, the value itself is compared. */
const COUNTED: Readonly<Record<string, string>> = {
  string: 'character',
  array: 'value',
  set: 'value',
  map: 'value',
};

function toldBound(
  { origin, exact = false }: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig,
  bound: number | bigint,
  words: string,
): string {
  const counted = COUNTED[origin];
  if (counted === undefined) return `must be ${words} ${shown(bound)}`;
  return `must have ${exact ? 'exactly' : words} ${shown(bound)} ${counted}${Number(bound) === 1 ? '' : 's'}`;
}

/** What is wrong with a value, to be said after its name: "must be at least 1". What the schema itself says is said so too. */
export function toldIssue(issue: z.core.$ZodIssue): string {
  if (!ZODS_OWN.test(issue.message)) return issue.message;
  switch (issue.code) {
    case 'invalid_type': {
      const kind = KINDS[issue.expected] ?? issue.expected;
      const isMissing = issue.path.length > 0 && issue.message.endsWith('received undefined');
      return isMissing ? `is to be given, as ${kind}` : `must be ${kind}`;
    }
    case 'invalid_value':
      return `must be ${issue.values.map(String).join(' or ')}`;
    case 'too_small':
      return issue.origin in COUNTED && Number(issue.minimum) === 1
        ? 'is empty'
        : toldBound(issue, issue.minimum, issue.inclusive ? 'at least' : 'more than');
    case 'too_big':
      return toldBound(issue, issue.maximum, issue.inclusive ? 'at most' : 'less than');
    default:
      return issue.message;
  }
}

/** What is wrong with options, each called as whoever gave it knows it. */
export function toldIssues(
  issues: readonly z.core.$ZodIssue[],
  called: (name: PropertyKey) => string,
): string {
  const told = issues.map((issue) => {
    const said = toldIssue(issue);
    if (issue.path.length === 0) return said;
    return `${calledAt(issue.path, called)}${said === issue.message ? ':' : ''} ${said}`;
  });
  return told.join('; ');
}
