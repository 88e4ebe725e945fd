import { densityOf, masksIn } from '@winnow/exchange';
import {
  type PytorchTensors,
  isHdf5,
  readHdf5Tickets,
  readPytorchFile,
} from '@winnow/exchange/files';

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

/** A file that is to be imported. */
export interface FileToImport {
  readonly path: string;
  readonly isHdf5: boolean;
  /** Whether a ticket is to be imported: of a file of them or of masks, or chosen of one with weights and masks. */
  readonly holdsTicket: boolean;
  /** Its tensors, where it is PyTorch's: the file is read once, when they are first asked for. Throws what reading does. */
  pytorch(): Promise<PytorchTensors>;
}

/** Finds out what of a file is to be imported. Throws what reading does. */
export async function fileToImport(
  path: string,
  { ticket, density }: { readonly ticket?: string; readonly density?: number },
): Promise<FileToImport> {
  let tensors: Promise<PytorchTensors> | undefined;
  const pytorch = () => (tensors ??= readPytorchFile(path));
  const hdf5 = await isHdf5(path);
  const isChosen = (ticket ?? density) !== undefined;
  const masks = hdf5 ? 'none' : masksIn(await pytorch());
  const holdsTicket = hdf5 || masks === 'alone' || (isChosen && masks === 'beside weights');
  return { path, isHdf5: hdf5, holdsTicket, pytorch };
}
