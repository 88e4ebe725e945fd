import { INSTALLABLE, installBackend } from '@winnow/tensor-backend/install';
import { Command, Option } from 'commander';
import { handler } from '../composition/handler.ts';
import { CONSOLE, INTERRUPTION, REGISTRY } from '../composition/tokens.ts';
import { startOf } from '../composition/start-of.ts';
import { print, printJson } from '../terminal/console.ts';
import { installationLines, startLine } from '../terminal/tell-installation.ts';
import { namedBackend } from './named-backend.ts';
import type { CommandContext } from './command-context.ts';

interface InstallFlags {
  from?: string;
  python?: string;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  $ winnow backend install tensorflow
  $ winnow backend install tensorflow --from ~/venv
  $ winnow backend install tensorflow-gpu --python python3.12
  $ WINNOW_BACKENDS=/scratch/backends winnow backend install webgpu

Beside \`winnow data fetch\`, this alone reaches beyond what npm has installed: npm fetches TensorFlow.js's packages, whose
scripts it does not run; pip fetches TensorFlow's library; a C++ compiler builds what is between them. All of it lies in one
folder, which Ctrl-C leaves as it was. Nothing is asked. Exit code 0 says that it lies there whole, be it on a machine whose
libraries or driver it does not start with; \`winnow backend check NAME\` then ends with 1.`;

const install = handler(
  [CONSOLE, INTERRUPTION, REGISTRY],
  (console, interruption, registry) =>
    async (given: string | undefined, { json, ...source }: InstallFlags) => {
      const name = namedBackend(given);
      const onStep = (step: string) => console.notes.write(`${step} …\n`);
      const made = await interruption(
        (signal) => installBackend(name, { ...source, signal, onStep }),
        'Removing what has come',
      );
      const start = await startOf(registry.get('backend', name));
      if (json) return printJson(console, { ...made, ...start });
      const done = made.alreadyThere ? 'was there already' : 'is installed';
      const how = start.starts ? done : `${done}, but does not start here`;
      print(
        console,
        `Backend ${name} ${how}.`,
        ...installationLines(made),
        startLine(start),
        `To undo it: winnow backend remove ${name}`,
      );
    },
);

export function backendInstallCommand(context: CommandContext): Command {
  return new Command('install')
    .argument('[name]', INSTALLABLE.join(', '))
    .usage('[options] <name>')
    .addOption(
      new Option(
        '--from <dir>',
        "take TensorFlow's library from a Python's folder tensorflow, its site-packages, or a virtual environment",
      ).conflicts('python'),
    )
    .option('--python <program>', 'the Python whose pip fetches the library (default: python3)')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(context.builtIn(install));
}
