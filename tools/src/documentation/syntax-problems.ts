import { spawnSync } from 'node:child_process';
import ts from 'typescript';
import type { CodeBlock, MarkdownPage } from './markdown-page.ts';

/** Languages of which nothing is run: read for their syntax alone. */
export const PARSED = ['python', 'html'];

interface Problem {
  /** Within the code, from 0. */
  readonly line: number;
  readonly message: string;
}

/** What cannot be read in the programs of a page that are not run: each as `page:line: problem`. */
export function syntaxProblems({ path, blocks }: MarkdownPage): string[] {
  return blocks.flatMap((block) =>
    blockProblems(block).map(
      ({ line, message }) =>
        `${path}:${block.line + line}: the ${block.language} block: ${message}`,
    ),
  );
}

function blockProblems({ language, code, marks, file }: CodeBlock): Problem[] {
  if (language === 'python') return pythonProblems(code);
  if (language === 'html') return htmlProblems(code);
  return language === 'js' && (marks.length > 0 || file) ? scriptProblems(code) : [];
}

const PYTHON = `
import ast, sys
try: ast.parse(sys.stdin.buffer.read())
except SyntaxError as e: print(e.lineno or 1, e.msg)
`;

/** None where there is no Python, which the project can do without. */
function pythonProblems(code: string): Problem[] {
  const { stdout } = spawnSync('python3', ['-c', PYTHON], { input: code, encoding: 'utf8' });
  const [, line, message] = /^(\d+) (.*)/.exec(stdout ?? '') ?? [];
  return message === undefined ? [] : [{ line: Number(line) - 1, message }];
}

function scriptProblems(code: string): Problem[] {
  const fileName = 'block.mjs';
  const compilerOptions = { allowJs: true, target: ts.ScriptTarget.ES2023 };
  const { diagnostics = [] } = ts.transpileModule(code, {
    fileName,
    compilerOptions,
    reportDiagnostics: true,
  });
  return diagnostics.map(({ file, start = 0, messageText }) => ({
    line: file?.getLineAndCharacterOfPosition(start).line ?? 0,
    message: ts.flattenDiagnosticMessageText(messageText, '\n'),
  }));
}

/** Of the scripts within. */
function htmlProblems(code: string): Problem[] {
  const scripts = [...code.matchAll(/(<script\b[^>]*>)(.*?)<\/script>/gs)].filter(
    ([, , script]) => script!.trim() !== '',
  );
  if (scripts.length === 0) return [{ line: 0, message: 'there is no script in it to read' }];
  return scripts.flatMap(({ 1: tag, 2: script, index }) => {
    const above = code.slice(0, index + tag!.length).split('\n').length - 1;
    return scriptProblems(script!).map(({ line, message }) => ({ line: above + line, message }));
  });
}
