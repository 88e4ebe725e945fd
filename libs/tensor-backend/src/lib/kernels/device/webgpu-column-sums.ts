import * as tf from '@tensorflow/tfjs-core';
import { WORKGROUP, type WebgpuProgram, runProgram } from './webgpu-program.ts';

/** Rows that an invocation adds up at least, where there are so many. */
const ROWS_EACH = 16;
const MOST_PARTS = 128;
const MOST_COLUMNS = 64;

/** The columns of a workgroup: a power of two. */
function columnsAtOnce(columns: number): number {
  let at = 1;
  while (at < columns && at < MOST_COLUMNS) at *= 2;
  return at;
}

interface ColumnSums {
  /** Of the sources of `terms` and `finish`. */
  readonly name: string;
  readonly inputs: Readonly<Record<string, tf.TensorInfo>>;
  readonly rows: number;
  readonly columns: number;
  readonly uniforms?: WebgpuProgram['uniforms'];
  /** WGSL of what is added up, by the number `i`, its `row` and its `column`. */
  readonly terms: readonly string[];
  /** WGSL of what becomes of a `total`. */
  readonly finish?: string;
}

/**
 * The sums over rows of terms, [terms, columns]: invocations add up some rows each, a workgroup its invocations by
 * halves, and another pass the workgroups, until there is one. The order does not depend on the adapter.
 */
export function columnSums(given: ColumnSums): tf.Tensor {
  const { name, inputs, rows, columns, uniforms = {}, terms, finish = 'total' } = given;
  const atOnce = columnsAtOnce(columns);
  const across = WORKGROUP / atOnce;
  const parts = Math.min(MOST_PARTS, Math.max(1, Math.ceil(rows / (across * ROWS_EACH))));
  const blocks = Math.ceil(columns / atOnce);
  const each = (text: (term: string, k: number) => string) => terms.map(text).join('\n');
  const whole = parts === 1;
  const width = terms.length * columns;
  const sums = runProgram({
    name: `${name}-${atOnce}-${whole}`,
    inputs,
    shape: whole ? [terms.length, columns] : [parts, width],
    uniforms: {
      rows: ['int32', rows],
      columns: ['int32', columns],
      parts: ['int32', parts],
      blocks: ['int32', blocks],
      ...uniforms,
    },
    workgroups: parts * blocks,
    declarations: each((_, k) => `var<workgroup> tree${k} : array<f32, ${WORKGROUP}>;`),
    // A dispatch may be larger than asked for, so that the last parts are none.
    body: `
      let lane = i32(localIndex);
      let block = index / ${WORKGROUP};
      let column = (block % uniforms.blocks) * ${atOnce} + lane % ${atOnce};
      let part = block / uniforms.blocks;
      let first = lane / ${atOnce};
      let counts = column < uniforms.columns && part < uniforms.parts;
      ${each((_, k) => `var sum${k} = 0.0;`)}
      if (counts) {
        for (var row = part * ${across} + first; row < uniforms.rows; row += uniforms.parts * ${across}) {
          let i = row * uniforms.columns + column;
          ${each((term, k) => `sum${k} += ${term};`)}
        }
      }
      ${each((_, k) => `tree${k}[lane] = sum${k};`)}
      workgroupBarrier();
      for (var half = ${across / 2}; half > 0; half = half / 2) {
        if (first < half) {
          ${each((_, k) => `tree${k}[lane] += tree${k}[lane + half * ${atOnce}];`)}
        }
        workgroupBarrier();
      }
      if (counts && first == 0) {
        ${each((_, k) => `{ let total = tree${k}[lane]; result[(part * ${terms.length} + ${k}) * uniforms.columns + column] = ${whole ? finish : 'total'}; }`)}
      }`,
  });
  if (whole) return sums;
  const once = { ...given, name: `${name}-rest`, inputs: { x: sums }, rows: parts, columns: width };
  const total = columnSums({ ...once, terms: ['x[i]'] });
  sums.dispose();
  return tf.reshape(total, [terms.length, columns]);
}
