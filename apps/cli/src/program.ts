import { Command } from 'commander';
import { benchCommand } from './commands/bench.ts';
import { freezeCommand } from './commands/freeze.ts';
import { dataCommand } from './commands/data.ts';
import { importCommand } from './commands/import.ts';
import { inspectCommand } from './commands/inspect.ts';
import { objectiveCommand } from './commands/objective.ts';
import { quickstartCommand } from './commands/quickstart.ts';
import { checkCommand } from './commands/check.ts';
import { compareCommand } from './commands/compare.ts';
import { exportCommand } from './commands/export.ts';
import { doctorCommand } from './commands/doctor.ts';
import { listCommand } from './commands/list.ts';
import { reportCommand } from './commands/report.ts';
import { resumeCommand } from './commands/resume.ts';
import { runCommand } from './commands/run.ts';
import { scoreCommand } from './commands/score.ts';
import { oneLine } from './one-line.ts';
import { version } from './version.ts';

/** The values of `--plugin`, which must be known before the options of what they bring can be parsed. */
function pluginsIn(argv: readonly string[]): string[] {
  return argv.flatMap((word, i) => {
    if (word === '--plugin') return argv.slice(i + 1, i + 2);
    return word.startsWith('--plugin=') ? [word.slice('--plugin='.length)] : [];
  });
}

export async function createProgram(argv: readonly string[]): Promise<Command> {
  const plugins = pluginsIn(argv);
  const program = new Command('winnow')
    .description('Finds winning tickets: sparse subnetworks that train well.')
    .version(version())
    .enablePositionalOptions()
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({ outputError: (text, write) => write(`${oneLine(text)}\n`) })
    .addHelpText(
      'after',
      `
Examples:
  $ winnow quickstart
  $ winnow run --dataset digits --model resnet8 --density 0.0025
  $ winnow list pruner`,
    );
  // A command's parser is built only when it is the one that runs, since some need every component loaded.
  const commands = {
    quickstart: quickstartCommand,
    run: runCommand,
    resume: resumeCommand,
    objective: objectiveCommand,
    score: scoreCommand,
    report: reportCommand,
    check: checkCommand,
    compare: compareCommand,
    freeze: freezeCommand,
    export: exportCommand,
    import: importCommand,
    inspect: inspectCommand,
    data: dataCommand,
    list: listCommand,
    doctor: doctorCommand,
    bench: benchCommand,
  };
  for (const [name, build] of Object.entries(commands)) {
    const command = await build({ plugins, wanted: argv.includes(name) });
    program.addCommand(command.copyInheritedSettings(program));
  }
  return program;
}
