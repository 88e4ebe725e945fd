import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Answer, Help, Question } from './check-commands.ts';
import { cloneCommandProblem } from './clone-commands.ts';
import type { Located, MarkdownPage } from './markdown-page.ts';
import { ROOT } from './project-files.ts';
import { isShell } from './run-page.ts';
import { spokenCommands, winnowArguments } from './spoken-commands.ts';

const CHECKER = join(ROOT, 'tools/dist/documentation/check-commands.js');

/** Asks the built program whether it would understand these commands. */
function ask<T>(folder: string, input: readonly Question[], ...args: string[]): T {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [CHECKER, ...args], {
    cwd: folder,
    env,
    input: JSON.stringify(input),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`Run npx tsc --build first.\n${stderr}`);
  return JSON.parse(stdout) as T;
}

/** The commands that a transcript shows after its prompts, with the lines that they go on in. */
export function promptedCommands(transcript: string): string {
  const lines: string[] = [];
  let within = false;
  for (const line of transcript.split('\n')) {
    const start = /^\s*\$ (.*)/.exec(line)?.[1];
    if (start !== undefined || within) lines.push(start ?? line);
    within = (start !== undefined || within) && line.endsWith('\\');
  }
  return lines.join('\n');
}

type LocatedQuestion = Question & { readonly line: number; readonly what: string };

const commandLine = (words: readonly string[], line: number): LocatedQuestion => ({
  words,
  line,
  what: `winnow ${words.join(' ')}`,
});

/** What is wrong with the commands and settings of a page that are not run: each as `page:line: command: problem`. */
export function commandProblems(page: MarkdownPage, folder: string): string[] {
  const questions: LocatedQuestion[] = [];
  const problems: string[] = [];
  for (const { language, marks, code, line, ...block } of page.blocks) {
    if (language === 'yaml') questions.push({ config: code, line, what: 'the configuration' });
    const shell = isShell({ language, marks, code, line, ...block });
    if (!(shell ? marks.length > 0 || block.file : language === 'text')) continue;
    const commands = spokenCommands(shell ? code : promptedCommands(code));
    questions.push(...winnowArguments(commands).map((words) => commandLine(words, line)));
    for (const words of commands) {
      const problem = cloneCommandProblem(words);
      if (problem) problems.push(`${page.path}:${line}: ${words.join(' ')}: ${problem}`);
    }
  }
  questions.push(...page.inlineCode.flatMap(mentions));
  if (questions.length === 0) return problems;
  const answers = ask<Answer[]>(folder, questions);
  return problems.concat(
    questions.flatMap(({ what, line }, i) =>
      answers[i] ? [`${page.path}:${line}: ${what}: ${answers[i]}`] : [],
    ),
  );
}

function mentions({ text, line }: Located): LocatedQuestion[] {
  const words = /^(?:npx )?winnow (.+)/s.exec(text)?.[1]?.split(/\s+/);
  return words ? [{ ...commandLine(words, line), mention: true }] : [];
}

/** What is wrong with the examples in the help of every command. */
export function helpProblems(): string[] {
  const examples = ask<Help[]>(ROOT, [], 'help').map(({ command, text }) => ({
    command,
    questions: winnowArguments(spokenCommands(promptedCommands(text))).map((words) => ({ words })),
  }));
  const bare = examples.filter(({ questions }) => questions.length === 0);
  const asked = examples.flatMap(({ command, questions }) =>
    questions.map((question) => ({ command, ...question })),
  );
  const answers = ask<Answer[]>(ROOT, asked);
  return [
    ...bare.map(({ command }) => `${command} --help has no example`),
    ...asked.flatMap(({ command, words }, i) =>
      answers[i] ? [`${command} --help: winnow ${words.join(' ')}: ${answers[i]}`] : [],
    ),
  ];
}
