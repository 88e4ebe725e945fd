import { createRequire } from 'node:module';
import { dirname, isAbsolute, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { init, parse } from 'es-module-lexer';
import { resolve as resolveModule } from 'import-meta-resolve';
import { foldersUp, readPackage } from './locate-plugin.ts';

/** Also where the source is a module, which may make itself a `require`. */
const REQUIRE = /\brequire\s*\(\s*(['"`])([^'"`$\\\n]+)\1\s*\)/g;

interface Import {
  readonly specifier: string;
  readonly required: boolean;
}

function importsIn(source: string): Import[] {
  const required = [...source.matchAll(REQUIRE)].map(([, , specifier]) => specifier!);
  let imported: string[] = [];
  try {
    imported = parse(source)[0].flatMap(({ specifier, ...rest }) =>
      specifier && !('typeOnly' in rest && rest.typeOnly) ? [specifier] : [],
    );
  } catch {
    // Node has loaded it, so the lexer lacks something.
  }
  return [
    ...imported.map((specifier) => ({ specifier, required: false })),
    ...required.map((specifier) => ({ specifier, required: true })),
  ];
}

/** The file that an import leads to. Throws what Node's resolution does. */
function targetOf({ specifier, required }: Import, path: string): string {
  if (required) return createRequire(path).resolve(specifier);
  const url = pathToFileURL(path).href;
  const target = new URL(
    specifier.startsWith('#') ? resolveModule(specifier, url) : specifier,
    url,
  );
  // One file may be imported several times, with other queries.
  return fileURLToPath(new URL(target.pathname, target));
}

/** Whether `target` belongs to the package around `path`, and not to a dependency of it. */
function isInPackageOf(path: string, target: string): boolean {
  const folder = [...foldersUp(dirname(path))].find((each) => readPackage(each));
  const way = relative(folder ?? dirname(path), target);
  return (
    !isAbsolute(way) && !way.split(sep).some((part) => part === '..' || part === 'node_modules')
  );
}

/**
 * The files that a module's source imports or requires by a literal, relative path, or by a `#name` that its package gives
 * to a file of its own. They need not exist.
 */
export async function localImports(source: string, path: string): Promise<string[]> {
  await init();
  return importsIn(source).flatMap((each) => {
    const byName = each.specifier.startsWith('#');
    if (!byName && !/^\.\.?(\/|$)/.test(each.specifier)) return [];
    try {
      const target = targetOf(each, path);
      return byName && !isInPackageOf(path, target) ? [] : [target];
    } catch {
      // What is never reached may lead nowhere.
      return [];
    }
  });
}
