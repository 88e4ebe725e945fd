import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import type { CodeBlock, MarkdownPage } from './markdown-page.ts';
import type { ScratchFolder } from './scratch-folder.ts';
import { PARSED } from './syntax-problems.ts';

/** What keeps a block from being run: it takes hours, the internet, this clone, a cluster, or another program. */
export const MARKS = ['long', 'network', 'clone', 'slurm', 'other'];

const SHELL = ['sh', 'bash'];
const PROGRAMS = ['js', 'ts'];
/** Checked by `commandProblems`: settings, and transcripts. */
const CHECKED = ['yaml', 'text'];
const MOST_SECONDS = 300;

export const isShell = ({ language }: CodeBlock) => SHELL.includes(language);

/** Saves and runs the blocks of a page in order; throws at the first that fails, with its line and output. */
export function runPage(page: MarkdownPage, scratch: ScratchFolder): void {
  let folder = scratch.path;
  for (const block of page.blocks) {
    const where = `${page.path}:${block.line}`;
    if (![...SHELL, ...PROGRAMS, ...CHECKED, ...PARSED].includes(block.language)) {
      throw new Error(`${where}: "${block.language}" is no language that the documentation uses.`);
    }
    const unknown = block.marks.find((mark) => !MARKS.includes(mark));
    if (unknown)
      throw new Error(`${where}: "${unknown}" is none of the marks ${MARKS.join(', ')}.`);
    if (PARSED.includes(block.language) && block.marks.length === 0)
      throw new Error(`${where}: ${block.language} is not run here, and needs a mark: other.`);
    if (block.file) writeFileSync(join(folder, block.file), block.code);
    if (block.file || block.marks.length > 0) continue;
    if (isShell(block)) folder = runShell(page, block, folder, scratch.env);
    else if (PROGRAMS.includes(block.language)) runProgram(where, block, folder, scratch.env);
  }
}

/** Runs a block in a folder; returns the folder that it ends in. */
function runShell(
  page: MarkdownPage,
  { code, line }: CodeBlock,
  folder: string,
  env: NodeJS.ProcessEnv,
): string {
  // On the first line, so that LINENO counts the block's own lines.
  const trap = `trap 'printf "%s\\n" "$LINENO $BASH_COMMAND" >&3' ERR; `;
  const { status, output } = spawnSync('bash', ['-euc', `${trap}${code}\npwd >&3`], {
    cwd: folder,
    env,
    encoding: 'utf8',
    timeout: MOST_SECONDS * 1000,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const [, stdout, stderr, told] = output;
  if (status === 0) return told!.trim();
  const [, offset = '1', command = code] = /^(\d+) ([^]*?)\n*$/.exec(told ?? '') ?? [];
  throw failed(`${page.path}:${line + Number(offset) - 1}`, command, status, stdout, stderr);
}

function runProgram(
  where: string,
  { code, language, line }: CodeBlock,
  folder: string,
  env: NodeJS.ProcessEnv,
): void {
  const file = join(folder, `line-${line}.mjs`);
  const compilerOptions = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext };
  const script = language === 'ts' ? ts.transpile(code, compilerOptions) : code;
  writeFileSync(file, script);
  const { status, stdout, stderr } = spawnSync(process.execPath, [file], {
    cwd: folder,
    env,
    encoding: 'utf8',
    timeout: MOST_SECONDS * 1000,
  });
  if (status !== 0) throw failed(where, `the ${language} block`, status, stdout, stderr);
}

function failed(
  where: string,
  what: string,
  status: number | null,
  ...outputs: readonly (string | null | undefined)[]
): Error {
  const ended = status === null ? `did not end in ${MOST_SECONDS} s` : `ended with ${status}`;
  const tail = outputs.map((text) => text?.trim().slice(-2000)).filter(Boolean);
  return new Error([`${where}: ${what}: ${ended}.`, ...tail].join('\n'));
}
