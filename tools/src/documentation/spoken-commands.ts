import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';

// No program is found, and every command that is not found is written down: so the shell itself expands variables,
// loops and quotes. Builtins that would act are replaced.
const PRELUDE = `
PATH=/nowhere
note() { printf '%s\\0' "$@" $'\\n' >&3; }
command_not_found_handle() { note "$@"; }
function node_modules/.bin/winnow { note winnow "$@"; }
exit() { builtin exit 0; }
exec() { if [ $# -gt 0 ]; then note "$@"; fi; }
cd() { :; }; kill() { return 1; }; wait() { :; }; source() { :; }
`;

/** The commands that a shell script would run, each as its words, without running them. */
export function spokenCommands(script: string): string[][] {
  const { status, output, error } = spawnSync('/bin/bash', ['-c', PRELUDE + script], {
    cwd: tmpdir(),
    encoding: 'utf8',
    timeout: 10_000,
    env: {},
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  // A failing last command is nothing that matters here; a script that cannot be read is.
  if (error || status === 2) throw new Error(output?.[2] || String(error));
  const commands: string[][] = [[]];
  for (const word of output[3]!.split('\0').slice(0, -1)) {
    if (word === '\n') commands.push([]);
    else commands.at(-1)!.push(word);
  }
  return commands.slice(0, -1);
}

/** Of commands as spoken, those of `winnow`, whatever starts it: what follows its name. */
export function winnowArguments(commands: readonly string[][]): string[][] {
  return commands.flatMap((words) => {
    // What sbatch makes a script of.
    const wrapped = words[0] === 'sbatch' ? words[words.indexOf('--wrap') + 1] : undefined;
    if (wrapped && words.includes('--wrap')) return winnowArguments(spokenCommands(wrapped));
    const at = words.findIndex((word) => /(?:^|\/)winnow$/.test(word));
    // To npm and Nx it is the name of the package.
    const named = words.slice(0, at).some((word) => word === 'npm' || word === 'nx');
    return at < 0 || named ? [] : [words.slice(at + 1)];
  });
}
