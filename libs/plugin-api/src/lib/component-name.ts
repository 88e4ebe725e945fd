/** Four of them, density, seed and hash make the name of a run's folder, which has at most 255 bytes. */
const LONGEST = 48;

const GRAMMAR = /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/i;

/** What a name must be, as the hint of an error. */
export const COMPONENT_NAME = `Give letters (a to z, A to Z) and digits, with ".", "_" and "-" within, ${LONGEST} at most, and no word that every object knows, such as "constructor".`;

/** Whether a component can have this name: one that is safe in a path, a flag, a table and a picture. */
export function isComponentName(name: string): boolean {
  return GRAMMAR.test(name) && name.length <= LONGEST && !(name in {});
}

/** The name of the method that keeps every weight, which is no pruner: none can have it. */
export const DENSE = 'dense';

const SCOPE = /^@[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?\//i;

/** Whether a plugin can: it may be called as its package is, with a scope. */
export function isPluginName(name: string): boolean {
  return isComponentName(name.replace(SCOPE, ''));
}
