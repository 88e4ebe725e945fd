import { builtinModules } from 'node:module';
import { WinnowError } from '@winnow/plugin-api';

const COMPONENT = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const SCOPE = /^@[a-z0-9][a-z0-9._-]*\//;
/** Of npm. */
const LONGEST_NAME = 214;

/** Words that cannot name a constant, or that the templates use for something else. */
const TAKEN = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends ' +
    'false finally for function if implements import in instanceof interface let new null package private protected ' +
    'public return static super switch this throw true try typeof undefined var void while with yield ' +
    'assert before describe expect it mean shape tf test wasm z'
  ).split(' '),
);

/** The constant that a component is kept in: logit-match → logitMatch. */
export function identifierOf(component: string): string {
  return component.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** Throws BAD_NAME unless it can name a component and the constant that holds it. */
export function checkComponentName(name: string): void {
  if (COMPONENT.test(name) && !TAKEN.has(identifierOf(name))) return;
  throw new WinnowError('BAD_NAME', `"${name}" cannot name a component.`, {
    hint: 'Give lower-case letters and digits, with hyphens between words, that are no word of JavaScript, such as logit-match.',
  });
}

/** The component's name in that of a package: @me/logit-match → logit-match. Throws BAD_NAME. */
export function componentIn(packageName: string): string {
  const component = packageName.replace(SCOPE, '');
  const scoped = component !== packageName;
  if (packageName.length > LONGEST_NAME || (!scoped && builtinModules.includes(component))) {
    throw new WinnowError('BAD_NAME', `"${packageName}" cannot name an npm package.`, {
      hint: `Give a name of at most ${LONGEST_NAME} characters that is no module of Node, such as logit-match or @me/logit-match.`,
    });
  }
  checkComponentName(component);
  return component;
}
