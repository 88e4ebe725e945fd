// The generators as Nx finds them: compiled first where they are stale, so that a fresh clone has them too.
import { run } from './set-up.mjs';

const generator = (kind) => async (tree, options) => {
  const tsc = ['node_modules/typescript/bin/tsc', '--build', 'tools/tsconfig.lib.json'];
  if (run(process.execPath, tsc) !== 0)
    throw new Error('The generators use libraries that do not compile: see above.');
  const generators = await import('./dist/lib/component-generator.js');
  return generators[kind](tree, options);
};

export const objective = generator('objective');
export const pruner = generator('pruner');
export const model = generator('model');
export const dataset = generator('dataset');
