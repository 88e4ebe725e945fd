// Run as a program of its own, in the folder that plugins are named from: reads questions as JSON from standard input,
// and writes answers as JSON; with the argument `help`, the help of every command.
import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';

interface CommandLine {
  /** What follows `winnow`. */
  readonly words: readonly string[];
  /** A mention in a sentence: its command and flags must exist, and values may be missing. */
  readonly mention?: boolean;
}

/** The text of a configuration file. */
interface Configuration {
  readonly config: string;
}

export type Question = CommandLine | Configuration;

/** What is wrong with a command line or a configuration file, or null. */
export type Answer = string | null;

export interface Help {
  readonly command: string;
  /** With its examples. */
  readonly text: string;
}

interface ConfigEntry {
  readonly key: string;
  readonly value: unknown;
  readonly entries?: readonly ConfigEntry[];
}

const built = (module: string) =>
  import(new URL(`../../../apps/cli/dist/${module}`, import.meta.url).href);
const { createProgram } = (await built('commands/program.js')) as {
  createProgram: (argv: readonly string[]) => Promise<Command>;
};
const { readConfigFile } = (await built('flags/config-file.js')) as {
  readConfigFile: (path: string) => { readonly entries: readonly ConfigEntry[] };
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

/** Whether a plugin is not there, which an example may name freely. */
function absent(name: string | undefined): boolean {
  if (name === undefined) return false;
  if (!name.startsWith('.') && !isAbsolute(name)) return true;
  const folder = statSync(name, { throwIfNoEntry: false })?.isDirectory();
  return !existsSync(folder ? join(name, 'package.json') : name);
}

function withoutAbsentPlugins(words: readonly string[]): string[] {
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

/** The commands that sections are for, those within a command's section included. */
function sections(entries: readonly ConfigEntry[]): string[][] {
  return entries.flatMap(({ key, entries: within }) =>
    within ? [[key], ...sections(within).map((path) => [key, ...path])] : [],
  );
}

/** Asks every command that a configuration file has a section for to take its settings from there. */
async function checkConfiguration(text: string): Promise<Answer> {
  const file = 'page.yaml';
  try {
    writeFileSync(file, text);
    const { entries } = readConfigFile(file);
    const present = (plugin: unknown) => typeof plugin !== 'string' || !absent(plugin);
    const settings = entries.map(({ key, value }) =>
      key === 'plugins' && Array.isArray(value) ? [key, value.filter(present)] : [key, value],
    );
    writeFileSync(file, JSON.stringify(Object.fromEntries(settings)));
    // Any command looks at the names of the sections, and at `plugins`.
    for (const path of [['list'], ...sections(entries)]) {
      const answer = await check([...path, '--config', file, '--help']);
      if (answer !== null) return answer.replace(/^page\.yaml, line 1: /, '');
    }
    return null;
  } catch (error) {
    return (error as Error).message;
  } finally {
    rmSync(file);
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
  for (const question of JSON.parse(await text(process.stdin)) as readonly Question[]) {
    if ('config' in question) answers.push(await checkConfiguration(question.config));
    else answers.push(await (question.mention ? checkMention : check)(question.words));
  }
  process.stdout.write(JSON.stringify(answers));
}
