import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { writeWhole } from '@winnow/files/disk';
import { WinnowError } from '@winnow/plugin-api';
import { NEW_STUDY, studyJsonSchema } from '@winnow/studies';
import { Command } from 'commander';
import { print } from '../terminal/console.ts';
import type { CommandContext } from './command-context.ts';

const SCHEMA = 'study.schema.json';

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
    .addHelpText('after', '\nExamples:\n  $ winnow study init study.yaml')
    .action(async (file: string) => {
      assertNew(file);
      const schema = studyJsonSchema(await context.catalogue());
      const head = `# yaml-language-server: $schema=./${SCHEMA}\n`;
      await writeWhole(join(dirname(file), SCHEMA), `${JSON.stringify(schema, undefined, 2)}\n`);
      await writeWhole(file, `${head}${NEW_STUDY}`);
      print(context.console, `Wrote ${basename(file)}. Next: winnow study plan ${file}`);
    });
}
