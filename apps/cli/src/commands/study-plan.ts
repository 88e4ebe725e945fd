import { startChosenBackend } from '@winnow/experiments';
import {
  countStates,
  planStudy,
  prepareStudy,
  reckonStudy,
  standings,
  studyTable,
  tellStates,
} from '@winnow/studies';
import { Command } from 'commander';
import { handler } from '../composition/handler.ts';
import * as tokens from '../composition/tokens.ts';
import { versions } from '../composition/version.ts';
import { pluginsOfStudy, readStudy, runsOf } from '../flags/study-file.ts';
import { type StudyFlags, withStudy } from '../flags/study-flags.ts';
import { print, printJson } from '../terminal/console.ts';
import { terminalTable } from '../terminal/terminal-table.ts';
import type { CommandContext } from './command-context.ts';

interface PlanFlags extends StudyFlags {
  readonly estimate: boolean;
}

const { REGISTRY, CONSOLE, OPEN_DATASET, INTERRUPTION } = tokens;
const needs = [REGISTRY, CONSOLE, OPEN_DATASET, INTERRUPTION] as const;

const plan = handler(needs, (registry, console, openDataset, interruption) => {
  return async (file: string, flags: PlanFlags) => {
    const study = readStudy(file);
    const { runs: folder = runsOf(study), json } = flags;
    const backend = await startChosenBackend('auto', registry);
    const setting = { registry, runs: folder, backend, versions: versions(), openDataset };
    const runs = await planStudy(study, setting);
    await prepareStudy(runs, registry);
    const found = await standings(runs);
    const left = found.flatMap(({ state, run }) => (state === 'done' ? [] : [run]));
    const minutes = flags.estimate
      ? await interruption((signal) => reckonStudy(runs, left, registry, signal))
      : undefined;
    if (json) {
      const listed = found.map(({ run: { name, config }, state, differs }) => {
        const { method, objective, density, seed } = config;
        const what = { method: method.name, objective: objective?.name, density, seed };
        return { name, ...what, state, differs };
      });
      return printJson(console, { folder, ...countStates(found), minutes, runs: listed });
    }
    print(console, terminalTable(studyTable(found), { compact: true }), tellStates(found));
    if (minutes !== undefined && left.length > 0)
      print(console, `about ${minutes.toPrecision(2)} minutes of one process here`);
  };
});

const EXAMPLES = `
Examples:
  $ winnow study plan study.yaml
  $ winnow study plan study.yaml --json --no-estimate`;

export function studyPlanCommand(context: CommandContext): Command {
  const command = withStudy(new Command('plan'))
    .option('--no-estimate', 'measure no step, and tell no time')
    .addHelpText('after', EXAMPLES);
  const sourcesIn = (file: string) => pluginsOfStudy(readStudy(file));
  return command.action(context.actionOnFile(plan, sourcesIn));
}
