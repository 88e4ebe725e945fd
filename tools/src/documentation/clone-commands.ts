import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, projectFiles } from './project-files.ts';

const json = (path: string) =>
  JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as {
    name: string;
    scripts?: Record<string, string>;
    generators?: Record<string, unknown>;
  };
const TARGETS = ['build', 'lint', 'test', 'typecheck'];

/** What is wrong with a command for the project's own folder, told from its files; of others nothing is known. */
export function cloneCommandProblem(words: readonly string[]): string | undefined {
  const [command, ...given] = words[0] === 'npx' ? words.slice(1) : words;
  const [first = '', second = ''] = given;
  if (words[0] === 'npm') return npmProblem(first, second);
  if (command === 'nx') return nxProblem(first, second);
  const file =
    command === 'node' && first.startsWith('tools/')
      ? first
      : command === 'tsc'
        ? given.find((word) => word.includes('/'))
        : undefined;
  return file && !existsSync(join(ROOT, file)) ? `there is no ${file}` : undefined;
}

function npmProblem(verb: string, name: string): string | undefined {
  const script = verb === 'run' ? name : ['start', 'test'].includes(verb) ? verb : undefined;
  if (!script || script in (json('package.json').scripts ?? {})) return undefined;
  return `package.json has no script "${script}"`;
}

function nxProblem(verb: string, subject: string): string | undefined {
  const projects = projectFiles('package.json').map((path) => json(path).name);
  if (verb === 'g' || verb === 'generate') {
    const [owner, generator = ''] = subject.split(':');
    if (owner !== '@winnow/tools') return `"${owner}" is not this project's collection`;
    const path = 'tools/generators.json';
    const known = existsSync(join(ROOT, path)) ? Object.keys(json(path).generators ?? {}) : [];
    return known.includes(generator) ? undefined : `there is no generator "${generator}"`;
  }
  if (!TARGETS.includes(verb) || subject.startsWith('-')) return undefined;
  return projects.includes(subject) ? undefined : `there is no project "${subject}"`;
}
