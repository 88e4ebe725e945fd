import {
  assertNothingLost,
  placeOfData,
  fileToImport,
  importTicket,
  importWeights,
  listImportable,
} from '@winnow/experiments';
import { Command } from 'commander';
import { handler } from '../composition/handler.ts';
import { CONSOLE, OPEN_DATASET, REGISTRY } from '../composition/tokens.ts';
import { withPlugins } from '../flags/common-flags.ts';
import { addComponentOptions } from '../flags/component-options.ts';
import { type ImportFlags, placeOfImport, withImport } from '../flags/import-flags.ts';
import { print, printJson } from '../terminal/console.ts';
import {
  importableLines,
  importedTicketLines,
  importedWeightsLines,
} from '../terminal/tell-import.ts';
import type { CommandContext } from './command-context.ts';

export async function importCommand(context: CommandContext): Promise<Command> {
  const command = withPlugins(withImport(new Command('import')));
  const options = addComponentOptions(command, await context.catalogue(), ['model']);
  const read = handler([REGISTRY, CONSOLE, OPEN_DATASET], (registry, console, open) => {
    return async (path: string, flags: ImportFlags) => {
      const { list, json } = flags;
      if (list) {
        const found = await listImportable(path);
        if (json) return printJson(console, found.rows);
        return print(console, ...importableLines(found));
      }
      const file = await fileToImport(path, flags);
      const out = placeOfImport(path, flags, file.holdsTicket);
      assertNothingLost('--out', out, [path, flags.weights, placeOfData(flags.dataset)]);
      const request = { ...flags, options: options(flags) };
      if (file.holdsTicket) {
        const imported = await importTicket(file, out, request, registry, open);
        if (!json) return print(console, ...importedTicketLines(out, imported));
        const { kept, size, density, provenance } = imported.ticket;
        return printJson(console, { out, kept, size, density, provenance, sizes: imported.sizes });
      }
      const imported = await importWeights(file, out, request, registry, open);
      if (!json) return print(console, ...importedWeightsLines(out, imported));
      const { tensors, renamed, converted, leftOut, masks, written } = imported;
      const facts = { parameters: tensors.size, renamed, converted, leftOut, masks };
      printJson(console, { out, ...facts, sizes: { written } });
    };
  });
  return command.action(context.action(read));
}
