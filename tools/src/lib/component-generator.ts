import { type Tree, formatFiles, output } from '@nx/devkit';
import datasets from '@winnow/datasets';
import models from '@winnow/models';
import objectives from '@winnow/objectives';
import { ComponentRegistry, WinnowError } from '@winnow/plugin-api';
import pruners from '@winnow/pruners';
import prunersOfFiles from '@winnow/pruners/files';
import type { ScaffoldKind } from '@winnow/scaffold';
import { cloneComponent, componentPath } from './clone-component.ts';

interface Options {
  readonly name: string;
}

/** Throws DUPLICATE_NAME where a component or a file has the name. */
function refuseTaken(tree: Tree, kind: ScaffoldKind, name: string): void {
  const builtIn = [objectives, pruners, prunersOfFiles, models, datasets].flatMap(
    (plugin) => plugin.components,
  );
  const path = componentPath({ kind, name });
  const taken = new ComponentRegistry(builtIn).names(kind).includes(name);
  if (!taken && !tree.exists(path)) return;
  throw new WinnowError(
    'DUPLICATE_NAME',
    taken
      ? `The name "${name}" is taken by a built-in ${kind}.`
      : `There is a file ${path} already.`,
    { hint: 'Choose another name.' },
  );
}

function generatorOf(kind: ScaffoldKind) {
  return async (tree: Tree, { name }: Options) => {
    const read = (path: string) => tree.read(path, 'utf8')!;
    const files = cloneComponent({ kind, name }, read);
    refuseTaken(tree, kind, name);
    for (const [path, text] of files) tree.write(path, text);
    await formatFiles(tree);
    return () =>
      output.log({
        title: `Next: say in ${componentPath({ kind, name })} what ${name} does, and test it`,
        bodyLines: ['npm test'],
      });
  };
}

// Nx knows a generator by its export.
export const objective = generatorOf('objective');
export const pruner = generatorOf('pruner');
export const model = generatorOf('model');
export const dataset = generatorOf('dataset');
