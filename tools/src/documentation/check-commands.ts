// Run as a program of its own, in the folder that plugins are named from: reads questions as JSON from standard input,
// and writes answers as JSON; with the argument `help`, the help of every command.
import { existsSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';

export interface Question {
  /** What follows `winnow`. */
  readonly words: readonly string[];
  /** A mention in a sentence: its command and flags must exist, and values may be missing. */
  readonly mention?: boolean;
}

/** What is wrong with a command line, or null. */
export type Answer = string | null;

export interface Help {
  readonly command: string;
  /** With its examples. */
  readonly text: string;
}

const program = new URL('../../../apps/cli/dist/program.js', import.meta.url);
const { createProgram } = (await import(program.href)) as {
  createProgram: (argv: readonly string[]) => Promise<Command>;
};

/** This command and all within it. */
function family(command: Command): Command[] {
  return [command, ...command.commands.flatMap(family)];
}

async function quietProgram(words: readonly string[]): Promise<Command> {
  const root = await createProgram(words);
  for (const command of family(root)) {
    command.exitOverride().configureOutput({ writeOut: () => {}, writeErr: () => {} });
    if (command.commands.length === 0) command.action(() => {});
  }
  return root;
}

/** Without plugins that are not there, which an example may name freely. */
function withoutAbsentPlugins(words: readonly string[]): string[] {
  const absent = (name: string | undefined) => {
    if (name === undefined) return false;
    if (!name.startsWith('.') && !isAbsolute(name)) return true;
    const folder = statSync(name, { throwIfNoEntry: false })?.isDirectory();
    return !existsSync(folder ? join(name, 'package.json') : name);
  };
  return words.filter(
    (word, i) =>
      !(word === '--plugin' && absent(words[i + 1])) &&
      !(words[i - 1] === '--plugin' && absent(word)),
  );
}

async function check(words: readonly string[]): Promise<Answer> {
  const argv = withoutAbsentPlugins(words);
  try {
    await (await quietProgram(argv)).parseAsync(argv, { from: 'user' });
    return null;
  } catch (error) {
    const { exitCode, message } = error as { exitCode?: number; message: string };
    return exitCode === 0 ? null : message;
  }
}

async function checkMention(words: readonly string[]): Promise<Answer> {
  let command = await quietProgram(words);
  const path = ['winnow'];
  for (const word of words) {
    const next = command.commands.find((c) => c.name() === word);
    if (!next) break;
    command = next;
    path.push(word);
  }
  const placeholder = words[path.length - 1]?.match(/^(?:[A-Z…[-].*)?$/);
  if (command.commands.length > 0 && words.length >= path.length && !placeholder) {
    return `${path.join(' ')} has no command "${words[path.length - 1]}"`;
  }
  const flags = words.flatMap((word) => /^\[?(--[a-z][a-z-]*)/.exec(word)?.[1] ?? []);
  const unknown = flags.find(
    (flag) =>
      !['--help', '--version'].includes(flag) && !command.options.some((o) => o.long === flag),
  );
  return unknown ? `${path.join(' ')} has no option ${unknown}` : null;
}

async function helpOf(names: readonly string[]): Promise<Help[]> {
  const root = await quietProgram(names);
  let command = root;
  for (const name of names) command = command.commands.find((c) => c.name() === name)!;
  let shown = '';
  command.configureOutput({ writeOut: (text) => (shown += text) }).outputHelp();
  const within = await Promise.all(command.commands.map((c) => helpOf([...names, c.name()])));
  return [{ command: ['winnow', ...names].join(' '), text: shown }, ...within.flat()];
}

if (process.argv[2] === 'help') process.stdout.write(JSON.stringify(await helpOf([])));
else {
  const answers: Answer[] = [];
  for (const { words, mention } of JSON.parse(await text(process.stdin)) as readonly Question[]) {
    answers.push(await (mention ? checkMention(words) : check(words)));
  }
  process.stdout.write(JSON.stringify(answers));
}
