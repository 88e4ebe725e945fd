import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import ts from 'typescript';
import type { MarkdownPage } from './markdown-page.ts';
import { scratchFolder } from './scratch-folder.ts';

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2023.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: ['node'],
  strict: true,
  skipLibCheck: true,
  noEmit: true,
};

/** What the compiler says of the TypeScript in pages, by the types of the built packages: `page:line: message`. */
export function typeProblems(pages: readonly MarkdownPage[]): string[] {
  const scratch = scratchFolder();
  try {
    const origins = new Map<string, { path: string; line: number }>();
    for (const { path, blocks } of pages) {
      for (const { language, code, line } of blocks) {
        if (language !== 'ts') continue;
        const file = join(scratch.path, `${origins.size}.mts`);
        writeFileSync(file, code);
        origins.set(basename(file), { path, line });
      }
    }
    const files = [...origins.keys()].map((name) => join(scratch.path, name));
    const program = ts.createProgram(files, OPTIONS);
    return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
      const message = ts.flattenDiagnosticMessageText(messageText, '\n');
      const origin = file && origins.get(basename(file.fileName));
      if (!origin) return `${file?.fileName ?? ''}: ${message}`;
      const line = origin.line + file.getLineAndCharacterOfPosition(start).line;
      return `${origin.path}:${line}: ${message}`;
    });
  } finally {
    scratch.remove();
  }
}
