import { type FloatTensor, type HostTensor, type Safetensors, sizeOf } from '@winnow/files';
import { type TrainedNetwork, prunableOf } from '@winnow/plugin-api';

/** The contents of a safetensors file whose pruned tensors are sparse ones. */
export type SparseFile = Pick<Safetensors, 'tensors' | 'metadata'>;

/** Flat indices of the kept weights, rising; of all where there is no mask. */
function keptPlaces({ data }: FloatTensor, kept: Uint8Array | undefined): Int32Array {
  if (!kept) return Int32Array.from(data.keys());
  let count = 0;
  for (let i = 0; i < kept.length; i++) count += kept[i]!;
  const places = new Int32Array(count);
  let at = 0;
  for (let i = 0; i < kept.length; i++) if (kept[i]) places[at++] = i;
  return places;
}

const gathered = ({ data }: FloatTensor, places: Int32Array): HostTensor => ({
  shape: [places.length],
  data: Float32Array.from(places, (place) => data[place]!),
});

/** `indices` int32 [dimensions, kept], by rows rising, and `values` [kept]: as `torch.sparse_coo_tensor` takes them. */
function coordinates(tensor: FloatTensor, places: Int32Array): Record<string, HostTensor> {
  const { shape } = tensor;
  const indices = new Int32Array(shape.length * places.length);
  for (let i = 0; i < places.length; i++) {
    let rest = places[i]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      indices[axis * places.length + i] = rest % shape[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
  }
  return {
    indices: { shape: [shape.length, places.length], data: indices },
    values: gathered(tensor, places),
  };
}

/**
 * Of the matrix [shape[0], the other sizes' product]: `crow_indices` int32 [rows + 1], `col_indices` int32 [kept],
 * rising within a row, and `values` [kept]: as `torch.sparse_csr_tensor` and `scipy.sparse.csr_matrix` take them.
 */
function compressedRows(tensor: FloatTensor, places: Int32Array): Record<string, HostTensor> {
  const rows = tensor.shape[0] ?? 1;
  const columns = sizeOf(tensor.shape) / rows;
  const starts = new Int32Array(rows + 1);
  for (const place of places) starts[Math.floor(place / columns) + 1]!++;
  for (let row = 0; row < rows; row++) starts[row + 1]! += starts[row]!;
  return {
    crow_indices: { shape: [rows + 1], data: starts },
    col_indices: { shape: [places.length], data: places.map((place) => place % columns) },
    values: gathered(tensor, places),
  };
}

function sparseFile(
  { network, tensors, mask, metadata }: TrainedNetwork,
  layout: string,
  encode: (tensor: FloatTensor, places: Int32Array) => Record<string, HostTensor>,
): SparseFile {
  const prunable = new Set(prunableOf(network).map(({ name }) => name));
  const written = new Map<string, HostTensor>();
  const shapes: Record<string, readonly number[]> = {};
  for (const [name, tensor] of tensors) {
    if (!prunable.has(name)) {
      written.set(name, tensor);
      continue;
    }
    shapes[name] = tensor.shape;
    const parts = encode(tensor, keptPlaces(tensor, mask?.get(name)?.kept));
    for (const [part, value] of Object.entries(parts)) written.set(`${name}.${part}`, value);
  }
  return { tensors: written, metadata: { ...metadata, layout, shapes: JSON.stringify(shapes) } };
}

/**
 * Each prunable parameter as the coordinates and values of its kept weights, `NAME.indices` and `NAME.values`; what is
 * not pruned as it is. The dense shapes are JSON in the metadata, `shapes`.
 */
export function cooTensors(trained: TrainedNetwork): SparseFile {
  return sparseFile(trained, 'coo', coordinates);
}

/**
 * Each prunable parameter as the compressed sparse rows of the matrix [its first axis, the others together] ([outputs, inputs ·
 * height · width] of a kernel in PyTorch's layout),
 * `NAME.crow_indices`, `NAME.col_indices` and `NAME.values`; what is not pruned as it is. The dense shapes are JSON in
 * the metadata, `shapes`.
 */
export function csrTensors(trained: TrainedNetwork): SparseFile {
  return sparseFile(trained, 'csr', compressedRows);
}
