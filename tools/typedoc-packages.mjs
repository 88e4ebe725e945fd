// TypeDoc reads all libraries as one program, which takes a fifth of the time of one after the other; this gives each
// module its entry's name and, where that is the package's, the README, and each guide its title. The site writes titles itself.
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Converter, MinimalSourceFile, ReflectionKind } from 'typedoc';

const withoutTitle = (markdown) => markdown.replace(/^# .*\n+/, '');

/** @param {import('typedoc').Application} app */
export function load(app) {
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (context, reflection) => {
    if (!reflection.kindOf(ReflectionKind.Module)) return;
    const symbol = context.getSymbolFromReflection(reflection);
    const { fileName } = symbol.declarations[0].getSourceFile();
    const folder = dirname(dirname(fileName));
    const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const entry = basename(fileName, '.ts');
    reflection.name = entry === 'index' ? name : `${name}/${entry}`;
    if (entry !== 'index') return;
    const path = join(folder, 'README.md');
    if (existsSync(path)) {
      const source = new MinimalSourceFile(withoutTitle(readFileSync(path, 'utf8')), path);
      reflection.readme = context.converter.parseRawComment(source, context.project.files).content;
    }
    // For links to the folder or its README.
    for (const place of [folder, path]) {
      context.project.registerReflection(reflection, undefined, place);
    }
  });
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_context, document) => {
    const heading = document.content.find(({ text }) => text.startsWith('# '));
    const title = heading && /^# (.*)/.exec(heading.text)?.[1];
    if (title) document.name = title;
  });
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    const [first] = project.readme ?? [];
    if (first) first.text = withoutTitle(first.text);
  });
}
