// TypeDoc takes all libraries as one program, which is three times as fast as package by package; this gives each
// module its package's name and README.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Converter, MinimalSourceFile } from 'typedoc';

/** @param {import('typedoc').Application} app */
export function load(app) {
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (context, reflection) => {
    const symbol = reflection.kindOf(2) && context.getSymbolFromReflection(reflection);
    if (!symbol) return;
    const folder = dirname(dirname(symbol.declarations[0].getSourceFile().fileName));
    reflection.name = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).name;
    const path = join(folder, 'README.md');
    const { content } = context.converter.parseRawComment(
      new MinimalSourceFile(readFileSync(path, 'utf8'), path),
      context.project.files,
    );
    reflection.readme = content;
  });
}
