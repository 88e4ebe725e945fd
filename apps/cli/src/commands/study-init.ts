import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { writeWhole } from '@winnow/files/disk';
import { WinnowError } from '@winnow/plugin-api';
import {
  PAPER_PARTS,
  type PaperPart,
  NEW_STUDY,
  SCALES,
  type Scale,
  paperStudy,
  studyJsonSchema,
} from '@winnow/studies';
import { Command, Option } from 'commander';
import { print, printJson } from '../terminal/console.ts';
import type { CommandContext } from './command-context.ts';

interface InitFlags {
  readonly paper?: PaperPart;
  readonly scale?: Scale;
  readonly json?: boolean;
}

const SCHEMA = 'study.schema.json';

const EXAMPLES = `
Examples:
  $ winnow study init study.yaml
  $ winnow study init figure2.yaml --paper figure2 --scale hours`;

/** Throws STUDY_EXISTS. */
function assertNew(file: string): void {
  if (!existsSync(file)) return;
  throw new WinnowError('STUDY_EXISTS', `${file} is there already.`, {
    hint: 'Give the name of a new file.',
  });
}

export function studyInitCommand(context: CommandContext): Command {
  return new Command('init')
    .argument('<file>', 'a new file, such as study.yaml; its schema is written beside it')
    .addOption(new Option('--paper <part>', 'of the paper').choices(PAPER_PARTS))
    .addOption(
      new Option(
        '--scale <budget>',
        "of the paper's studies: digits (default), a part of CIFAR-10, or the paper's own",
      ).choices(SCALES),
    )
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, { paper, scale, json }: InitFlags) => {
      if (scale !== undefined && paper === undefined)
        throw new WinnowError('OPTION_NOT_USED', 'Only studies of the paper have a scale.', {
          hint: `Give --paper too: ${PAPER_PARTS.join(', ')}.`,
        });
      assertNew(file);
      const schema = studyJsonSchema(await context.catalogue());
      const head = `# yaml-language-server: $schema=./${SCHEMA}\n`;
      const place = join(dirname(file), SCHEMA);
      await writeWhole(place, `${JSON.stringify(schema, undefined, 2)}\n`);
      await writeWhole(file, head + (paper ? paperStudy(paper, scale ?? 'minutes') : NEW_STUDY));
      if (json) return printJson(context.console, { file, schema: place });
      print(context.console, `Wrote ${basename(file)}. Next: winnow study plan ${file}`);
    });
}
