import { basename } from 'node:path';
import { Command } from 'commander';
import { writeJson } from '../command-context.ts';
import { interruption } from '../interruption.ts';
import { ProgressLine } from '../progress-line.ts';

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

export function dataFetchCommand(): Command {
  return new Command('fetch')
    .argument('<name>', 'cifar10, cifar100, mnist, fashion-mnist or tiny-imagenet')
    .option('--data-dir <dir>', 'folder that it goes into, in a folder of its own', 'data')
    .option('--from <url>', 'another place that has the same files; the checksums stay')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (name: string, { dataDir, from, json }: FetchFlags) => {
      const { fetchDataset, remoteDataset } = await import('@winnow/datasets');
      const remote = remoteDataset(name);
      const signal = interruption('Keeping what has come');
      const line = new ProgressLine();
      try {
        const result = await fetchDataset(remote, {
          dataDir,
          from,
          signal,
          onProgress: ({ file, bytes, total }) => {
            const of = total === undefined ? '' : ` of ${(total / MIB).toFixed(1)}`;
            line.show(`${basename(file)}: ${(bytes / MIB).toFixed(1)}${of} MiB`);
          },
        });
        line.end();
        if (json) return writeJson({ name, ...result });
        const how = result.alreadyThere ? 'was there already' : 'is ready, its checksums right';
        process.stdout.write(
          `${remote.title} ${how}: ${result.folder}\nwinnow run --dataset ${name} --data-dir ${dataDir} …\n`,
        );
      } finally {
        line.end();
      }
    });
}
