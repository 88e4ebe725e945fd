import { type Command, Option } from 'commander';

export function withPlugins(command: Command): Command {
  return command.addOption(
    new Option(
      '--plugin <path or package>',
      'add the components of a plugin: a file, a folder or a package; may be repeated',
    )
      .argParser((value: string, all: string[]) => [...all, value])
      .default([], 'none')
      .conflicts('plugins'),
  );
}

export function withBackend(command: Command): Command {
  return command.option(
    '--backend <name>',
    'what computes: auto takes the fastest that `winnow doctor --measure` has timed, or else native; see `winnow list backend`',
    'auto',
  );
}
