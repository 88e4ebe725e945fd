import { densityOf } from '@winnow/exchange';
import { isHdf5, readHdf5Tickets } from '@winnow/exchange/files';
import { readSafetensors } from '@winnow/files/disk';

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

/** Lists the tickets of an HDF5 file, or the tensors of safetensors; the contents tell which. Throws what reading does. */
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
  const { tensors, unread, dtypes } = await readSafetensors(path);
  const shapeOf = (name: string) => tensors.get(name)?.shape ?? unread.get(name)!;
  const rows = [...dtypes].map(([name, dtype]) => ({ name, dtype, shape: shapeOf(name) }));
  return { kind: 'weights', rows };
}
