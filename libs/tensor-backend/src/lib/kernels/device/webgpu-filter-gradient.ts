import * as tf from '@tensorflow/tfjs-core';
import { columnSums } from './webgpu-column-sums.ts';
import { WORKGROUP, runProgram } from './webgpu-program.ts';

// The gradient with respect to a filter is a product of matrices, patches of the images (transposed) with dy: few numbers,
// each a sum over all pixels. TensorFlow.js gives each to one invocation, which leaves most of a GPU idle (on an NVIDIA
// H200, 31 ms for 128 images of 32×32×16, and 1.1 here). So tiles share what they load, and sums are cut into parts.

type Four = [number, number, number, number];

interface Attributes {
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly dataFormat?: 'NHWC' | 'NCHW';
  readonly filterShape: Four;
}

/** A tile is of 16 × 16 invocations, each with some rows and columns 16 apart. */
const SIDE = 16;
const TILE_ROWS = 64;
const MOST_TILE_COLUMNS = 64;
/** Pixels from one load of both factors to the next. */
const DEPTH = 16;

/** Workgroups that keep a GPU of a hundred processors busy. */
const WANTED_GROUPS = 1024;
const LEAST_PIXELS = 128;
/** Numbers of all parts together, at most. */
const MOST_PARTIAL = 2 ** 22;

/** Parts of each sum: by sizes alone, so that every adapter adds in the same order. */
function partsOf(sums: number, pixels: number, tiles: number): number {
  const wanted = Math.min(Math.ceil(WANTED_GROUPS / tiles), Math.ceil(pixels / LEAST_PIXELS));
  return Math.max(1, Math.min(wanted, Math.floor(MOST_PARTIAL / sums)));
}

const times = (count: number, text: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => text(i)).join('\n');

/** WGSL that loads DEPTH × `across` numbers into a tile; its pitch of one more spares the banks of the memory. */
const loadTile = (factor: string, across: number, first: string) =>
  times((DEPTH * across) / WORKGROUP, (k) => {
    const pixel = `lane / ${across} + ${(k * WORKGROUP) / across}`;
    return `{
      let d = ${pixel};
      let o = lane % ${across};
      tile_${factor}[d * ${across + 1} + o] = load_${factor}(${first} + o, pixel0 + d);
    }`;
  });

/** A row is a place of the filter's [height, width, inputs]. */
const LOADS = `
  fn load_patch(row : i32, pixel : i32) -> f32 {
    if (row >= uniforms.rows || pixel >= uniforms.pixels) { return 0.0; }
    let tap = row / uniforms.inputs;
    let r = (pixel / uniforms.outWidth) % uniforms.outHeight * uniforms.strideHeight
      + tap / uniforms.filterWidth - uniforms.top;
    let c = pixel % uniforms.outWidth * uniforms.strideWidth + tap % uniforms.filterWidth - uniforms.left;
    if (r < 0 || r >= uniforms.height || c < 0 || c >= uniforms.width) { return 0.0; }
    let image = pixel / (uniforms.outWidth * uniforms.outHeight);
    return x[((image * uniforms.height + r) * uniforms.width + c) * uniforms.inputs + row % uniforms.inputs];
  }
  fn load_slope(column : i32, pixel : i32) -> f32 {
    if (column >= uniforms.columns || pixel >= uniforms.pixels) { return 0.0; }
    return dy[pixel * uniforms.columns + column];
  }`;

/** Σ over pixels of patches[pixel, row] · dy[pixel, column], [rows, columns]. */
function filterGradient(x: tf.Tensor4D, dy: tf.Tensor4D, w: tf.backend_util.Conv2DInfo) {
  const [rows, columns] = [w.filterHeight * w.filterWidth * w.inChannels, w.outChannels];
  const pixels = w.batchSize * w.outHeight * w.outWidth;
  const width = columns <= SIDE ? SIDE : columns <= 2 * SIDE ? 2 * SIDE : MOST_TILE_COLUMNS;
  const across = Math.ceil(columns / width);
  const tiles = across * Math.ceil(rows / TILE_ROWS);
  const parts = partsOf(rows * columns, pixels, tiles);
  const each = (text: (i: number, j: number) => string) =>
    times(TILE_ROWS / SIDE, (i) => times(width / SIDE, (j) => text(i, j)));
  const int = (value: number) => ['int32', value] as const;
  const products = runProgram({
    name: `filter-gradient-${width}`,
    inputs: { x, dy },
    shape: [parts, rows * columns],
    uniforms: {
      rows: int(rows),
      columns: int(columns),
      pixels: int(pixels),
      across: int(across),
      tiles: int(tiles),
      parts: int(parts),
      steps: int(Math.ceil(pixels / parts / DEPTH)),
      height: int(w.inHeight),
      width: int(w.inWidth),
      inputs: int(w.inChannels),
      outHeight: int(w.outHeight),
      outWidth: int(w.outWidth),
      filterWidth: int(w.filterWidth),
      strideHeight: int(w.strideHeight),
      strideWidth: int(w.strideWidth),
      top: int(w.padInfo.top),
      left: int(w.padInfo.left),
    },
    workgroups: tiles * parts,
    declarations: `
      var<workgroup> tile_patch : array<f32, ${DEPTH * (TILE_ROWS + 1)}>;
      var<workgroup> tile_slope : array<f32, ${DEPTH * (width + 1)}>;
      ${LOADS}`,
    // A dispatch may be larger than asked for, so that the last parts are none.
    body: `
      let lane = i32(localIndex);
      let group = index / ${WORKGROUP};
      let tile = group % uniforms.tiles;
      let part = group / uniforms.tiles;
      let row0 = tile / uniforms.across * ${TILE_ROWS};
      let column0 = tile % uniforms.across * ${width};
      let down = lane / ${SIDE};
      let along = lane % ${SIDE};
      ${each((i, j) => `var sum_${i}_${j} = 0.0;`)}
      for (var step = 0; step < uniforms.steps; step++) {
        let pixel0 = (part * uniforms.steps + step) * ${DEPTH};
        ${loadTile('patch', TILE_ROWS, 'row0')}
        ${loadTile('slope', width, 'column0')}
        workgroupBarrier();
        for (var d = 0; d < ${DEPTH}; d++) {
          ${times(TILE_ROWS / SIDE, (i) => `let a${i} = tile_patch[d * ${TILE_ROWS + 1} + down + ${i * SIDE}];`)}
          ${times(width / SIDE, (j) => `let b${j} = tile_slope[d * ${width + 1} + along + ${j * SIDE}];`)}
          ${each((i, j) => `sum_${i}_${j} += a${i} * b${j};`)}
        }
        workgroupBarrier();
      }
      if (part < uniforms.parts) {
        ${each(
          (i, j) => `{
            let row = row0 + down + ${i * SIDE};
            let column = column0 + along + ${j * SIDE};
            if (row < uniforms.rows && column < uniforms.columns) {
              result[(part * uniforms.rows + row) * uniforms.columns + column] = sum_${i}_${j};
            }
          }`,
        )}
      }`,
  });
  if (parts === 1) return products;
  const sizes = { rows: parts, columns: rows * columns };
  return columnSums({ name: 'parts', inputs: { x: products }, ...sizes, terms: ['x[i]'] });
}

/** In place of TensorFlow.js's kernel; NCHW and images that are not of float32 stay with that. */
export function webgpuFilterGradient(): tf.KernelConfig {
  const own = tf.getKernel(tf.Conv2DBackpropFilter, 'webgpu');
  const kernelFunc: tf.KernelFunc = (call) => {
    const { x, dy } = call.inputs as { x: tf.Tensor4D; dy: tf.Tensor4D };
    const attributes = call.attrs as unknown as Attributes;
    const { strides, pad, dimRoundingMode, dataFormat, filterShape } = attributes;
    if (dataFormat === 'NCHW' || x.dtype !== 'float32') return own.kernelFunc(call);
    const how = [strides, 1, pad, dimRoundingMode] as const;
    const windows = tf.backend_util.computeConv2DInfo(x.shape, filterShape, ...how);
    return tf.tidy(() => tf.reshape(filterGradient(x, dy, windows), filterShape));
  };
  return { ...own, kernelFunc };
}
