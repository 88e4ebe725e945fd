import { densityOf, holdsMasks } from '@winnow/exchange';
import { isHdf5, readHdf5Tickets, readPytorchFile } from '@winnow/exchange/files';

/** What a file holds that can be imported. */
export type Importable =
  | {
      readonly kind: 'tickets';
      readonly rows: readonly {
        readonly name: string;
        readonly size: number;
        readonly kept: number;
        readonly density: number;
      }[];
    }
  | {
      readonly kind: 'weights';
      readonly rows: readonly {
        readonly name: string;
        readonly shape: readonly number[];
        readonly dtype: string;
      }[];
    };

/** Lists the tickets of an HDF5 file, or PyTorch's tensors; the contents tell which. Throws what reading does. */
export async function listImportable(path: string): Promise<Importable> {
  if (await isHdf5(path)) {
    const rows = (await readHdf5Tickets(path)).map((ticket) => ({
      name: ticket.name,
      size: ticket.mask.length,
      kept: ticket.kept,
      density: densityOf(ticket),
    }));
    return { kind: 'tickets', rows };
  }
  const { tensors, unread, dtypes } = await readPytorchFile(path);
  const shapeOf = (name: string) => tensors.get(name)?.shape ?? unread!.get(name)!;
  const rows = [...dtypes].map(([name, dtype]) => ({ name, dtype, shape: shapeOf(name) }));
  return { kind: 'weights', rows };
}

/** Whether a ticket is to be imported: of a file of them, or chosen of one with weights and masks. Throws what reading does. */
export async function holdsTicket(
  path: string,
  { ticket, density }: { readonly ticket?: string; readonly density?: number },
): Promise<boolean> {
  if (await isHdf5(path)) return true;
  return (ticket ?? density) !== undefined && holdsMasks(await readPytorchFile(path));
}
