import { COMPONENT_NAME, WinnowError, isComponentName } from '@winnow/plugin-api';
import type { ComponentNames, ScaffoldKind } from './component-template.ts';
import { NODE_MODULES } from './node-modules.ts';

const COMPONENT = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const SCOPE = /^@[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?\//;
/** Of npm. */
const LONGEST_NAME = 214;

/** Words that cannot name a constant, and the module that a package is entered by. */
const RESERVED = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends ' +
    'false finally for function if implements import in index instanceof interface let new null package private protected ' +
    'public return static super switch this throw true try typeof undefined var void while with yield'
  ).split(' '),
);

const camelCased = (component: string) =>
  component.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());

const wordsOf = (sources: Iterable<string>) =>
  new Set([...sources].flatMap((source) => source.match(/[\w$]+/g) ?? []));

/**
 * The constant that a component is kept in: logit-match → logitMatch. Where a source that it goes into has that word for
 * something else, its kind follows: stripes → stripesDataset.
 */
export function identifierOf(
  component: string,
  kind: ScaffoldKind,
  sources: Iterable<string>,
): string {
  const taken = wordsOf(sources);
  let identifier = camelCased(component);
  while (taken.has(identifier)) identifier += kind[0]!.toUpperCase() + kind.slice(1);
  return identifier;
}

/**
 * What a component that is written already is called in the sources that import it: as it is exported, unless those have
 * that word for something else, or no constant can be called so.
 */
export function importedName(
  exported: string,
  component: string,
  kind: ScaffoldKind,
  sources: readonly string[],
): string {
  const isFree = !RESERVED.has(exported) && !wordsOf(sources).has(exported);
  return isFree ? exported : identifierOf(component, kind, sources);
}

/** What an import names between braces: logitMatch, default as logitMatch. */
export function importedAs({ identifier, exported = identifier }: ComponentNames): string {
  return exported === identifier ? identifier : `${exported} as ${identifier}`;
}

/** Throws BAD_NAME unless it can name a component and the constant that holds it. */
export function checkComponentName(name: string): void {
  const isConstant = COMPONENT.test(name) && !RESERVED.has(camelCased(name));
  if (isConstant && isComponentName(name)) return;
  throw new WinnowError('BAD_NAME', `"${name}" cannot name a component.`, {
    hint: isConstant
      ? COMPONENT_NAME
      : 'Give lower-case letters and digits, with hyphens between words, that are no word of JavaScript and not "index", such as logit-match; --name gives one where the folder\'s does not do.',
  });
}

/** The component's name in that of a package: @me/logit-match → logit-match. Throws BAD_NAME. */
export function componentIn(packageName: string): string {
  const component = packageName.replace(SCOPE, '');
  const scoped = component !== packageName;
  if (packageName.length > LONGEST_NAME || (!scoped && NODE_MODULES.has(component))) {
    throw new WinnowError('BAD_NAME', `"${packageName}" cannot name an npm package.`, {
      hint: `Give a name of at most ${LONGEST_NAME} characters that is no module of Node, such as logit-match or @me/logit-match.`,
    });
  }
  checkComponentName(component);
  return component;
}
