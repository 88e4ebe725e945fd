import type * as tf from '@tensorflow/tfjs-core';

/** A shader of TensorFlow.js, made anew for each call; compiled once for all that share a key. */
export interface WebgpuProgram {
  shaderKey: string;
  readonly outputShape: readonly number[];
  getUserCode(): string;
}

const UNARY = 'fn unaryOperation(a : f32) -> f32 {';

/**
 * eᵃ = 2ⁿ eʳ with |r| ≤ ½ ln 2, where ln 2 is taken away in two parts: within 1.2e-7. WGSL grants its `exp` 3 + 2|a|
 * of them. The power of two comes in halves, as 2¹²⁸ itself is no number.
 */
const EXP = `
  if (a > 88.7228394) { return uniforms.INFINITY; }
  if (a < -103.972084) { return 0.0; }
  let n = round(a * 1.44269504);
  let r = fma(n, -1.42860677e-6, fma(n, -0.693145752, a));
  var tail = fma(r, fma(r, 0.000198412698, 0.00138888889), 0.00833333333);
  tail = fma(r, fma(r, fma(r, tail, 0.0416666667), 0.166666667), 0.5);
  let power = i32(n);
  return ldexp(ldexp(1.0 + fma(r * r, tail, r), power / 2), power - power / 2);`;

/** What stands in a unary shader, and what takes its place. Of SwiftShader's logarithm, that of 0 is a number. */
const MENDED: readonly (readonly [string, string])[] = [
  ['return exp(a);', EXP],
  ['return log(a);', 'return select(log(a), -uniforms.INFINITY, a == 0.0);'],
  [
    'return log(1.0 + a);',
    `if (a < -1.0) { return uniforms.NAN; }
    return select(log(1.0 + a), -uniforms.INFINITY, a == -1.0);`,
  ],
  ['return asinh(a);', 'return select(asinh(a), a, isinf(a));'],
  // WGSL need not hand NaN on, and SwiftShader often does not.
  [UNARY, `${UNARY} if (isnan(a)) { return a; }`],
];

/** Mends what is wrong in the shaders of TensorFlow.js 4.22, before they are compiled. */
export function mendProgram(program: WebgpuProgram, dtype: tf.DataType): void {
  const own = program.getUserCode.bind(program);
  // Those whose output is true or false ask for NaN themselves.
  if (program.shaderKey.startsWith('unary_') && dtype === 'float32') {
    program.getUserCode = () => {
      const code = own();
      // It has none.
      if (code.includes('return sign(a);')) return code;
      return MENDED.reduce((mended, [from, to]) => mended.replace(from, to), code);
    };
  }
  // The length of rows stands in the code, and not in the key.
  if (program.shaderKey.startsWith('cum_')) program.shaderKey += `_${program.outputShape.at(-1)}`;
}
