// The generators as Nx finds them: compiled first where they are stale, so that a fresh clone has them too.
import { compile } from './set-up.mjs';

const generator = (kind) => async (tree, options) => {
  if (compile('tools/tsconfig.lib.json') !== 0)
    throw new Error('The generators use libraries that do not compile: see above.');
  const generators = await import('./dist/lib/component-generator.js');
  return generators[kind](tree, options);
};

export const objective = generator('objective');
export const pruner = generator('pruner');
export const model = generator('model');
export const dataset = generator('dataset');
