import { imageFiles } from '@winnow/datasets';
import { predictRun } from '@winnow/experiments';
import { Command } from 'commander';
import { handler } from '../composition/handler.ts';
import { BAR, CONSOLE, OPEN_DATASET, REGISTRY, RUNS } from '../composition/tokens.ts';
import { withBackend, withPlugins } from '../flags/common-flags.ts';
import { parsePositive } from '../flags/option-parsers.ts';
import { note, print, printJson } from '../terminal/console.ts';
import { showFreezing } from '../terminal/freezing-progress.ts';
import { freezingLine } from '../terminal/tell-frozen.ts';
import { predictionLine } from '../terminal/tell-prediction.ts';
import type { CommandContext } from './command-context.ts';
import { recordedRun } from './recorded-run.ts';

interface PredictFlags {
  top: number;
  backend: string;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  $ winnow predict runs/first three.png
  $ winnow predict runs/first photos more/photo.jpg --top 1
  $ winnow predict runs/first photos --json`;

const needs = [RUNS, REGISTRY, CONSOLE, BAR, OPEN_DATASET] as const;
const predict = handler(needs, ([run], registry, console, bar, open) => {
  return async (_path: string, paths: string[], { top, backend, json }: PredictFlags) => {
    const { folder, config } = run!;
    const images = imageFiles(paths);
    const { predictions, froze } = await showFreezing(bar, (onProgress) =>
      predictRun(folder, config, { registry, images, top, backend, open, onProgress }),
    );
    if (froze) note(console, freezingLine(froze));
    if (json) printJson(console, predictions);
    else print(console, ...predictions.map(predictionLine));
  };
});

export function predictCommand(context: CommandContext): Command {
  const command = new Command('predict')
    .argument('<run>', 'the folder of a finished run')
    .argument('<images...>', 'JPEG or PNG files, or folders of them')
    .option('--top <k>', 'classes that are told of each image, at most', parsePositive, 3)
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES);
  return withPlugins(withBackend(command)).action(context.action(predict, recordedRun));
}
