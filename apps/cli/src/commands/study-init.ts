import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { readIfThere, writeWhole } from '@winnow/files/disk';
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
import { note, print, printJson } from '../terminal/console.ts';
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
    .argument(
      '<file>',
      'a new file, such as study.yaml; its schema is written beside it, where there is none',
    )
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
      if (basename(file) === SCHEMA) {
        throw new WinnowError(
          'STUDY_EXISTS',
          `${SCHEMA} is the name of the schema beside a study.`,
          {
            hint: 'Give another name, such as study.yaml.',
          },
        );
      }
      const schema = studyJsonSchema(await context.catalogue());
      const head = `# yaml-language-server: $schema=./${SCHEMA}\n`;
      const place = join(dirname(file), SCHEMA);
      const text = `${JSON.stringify(schema, undefined, 2)}\n`;
      const known = await readIfThere(place);
      // It may know of plugins that this command was not told of.
      if (!known) await writeWhole(place, text);
      await writeWhole(file, head + (paper ? paperStudy(paper, scale ?? 'minutes') : NEW_STUDY));
      if (known && new TextDecoder().decode(known) !== text)
        note(
          context.console,
          `${place} was there and stays; \`winnow study schema\` prints a new one`,
        );
      if (json) return printJson(context.console, { file, schema: place });
      print(context.console, `Wrote ${basename(file)}. Next: winnow study plan ${file}`);
    });
}
