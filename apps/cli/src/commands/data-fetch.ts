import { basename } from 'node:path';
import { type DownloadProgress, fetchDataset, remoteDataset } from '@winnow/datasets';
import { Command } from 'commander';
import { handler } from '../composition/handler.ts';
import { CLOCK, CONSOLE, INTERRUPTION } from '../composition/tokens.ts';
import { print, printJson } from '../terminal/console.ts';
import { ProgressLine } from '../terminal/progress-line.ts';
import type { CommandContext } from './command-context.ts';

interface FetchFlags {
  dataDir: string;
  from?: string;
  json?: boolean;
}

const MIB = 2 ** 20;

const EXAMPLES = `
Examples:
  $ winnow data fetch mnist
  $ winnow data fetch tiny-imagenet --data-dir /scratch/data
Ctrl-C keeps what has come; the same command goes on where it stopped.`;

const fetchIt = handler([CONSOLE, CLOCK, INTERRUPTION], (console, clock, interruption) => {
  return async (name: string, { dataDir, from, json }: FetchFlags) => {
    const remote = remoteDataset(name);
    const line = new ProgressLine(console.notes, clock);
    const onProgress = ({ file, bytes, total }: DownloadProgress) => {
      const of = total === undefined ? '' : ` of ${(total / MIB).toFixed(1)}`;
      line.show(`${basename(file)}: ${(bytes / MIB).toFixed(1)}${of} MiB`);
    };
    const result = await interruption(
      (signal) => fetchDataset(remote, { dataDir, from, signal, onProgress }),
      'Keeping what has come',
    ).finally(() => line.end());
    if (json) return printJson(console, { name, ...result });
    const how = result.alreadyThere ? 'was there already' : 'is ready, its checksums right';
    print(
      console,
      `${remote.title} ${how}: ${result.folder}`,
      `winnow run --dataset ${name} --data-dir ${dataDir} …`,
    );
  };
});

export function dataFetchCommand(context: CommandContext): Command {
  return new Command('fetch')
    .argument('<name>', 'cifar10, cifar100, mnist, fashion-mnist or tiny-imagenet')
    .option('--data-dir <dir>', 'folder that it goes into, in a folder of its own', 'data')
    .option('--from <url>', 'another place that has the same files; the checksums stay')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(context.builtIn(fetchIt));
}
