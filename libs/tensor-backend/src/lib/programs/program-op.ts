/** Inputs parameters [kept], images, and perhaps means and variances; outputs logits [batch, classes], or flat with what is captured behind them, and the tape. */
export const PROGRAM = 'WinnowProgram';
/** Inputs tape, parameters, doutputs; output dparameters [kept]. */
export const PROGRAM_GRADIENT = 'WinnowProgramGradient';

export interface ProgramAttributes {
  readonly program: number;
  readonly tapeFloats: number;
  readonly outputShape: number[];
  /** Of kept weights, in a run and in its gradient. */
  readonly multiplyAdds: { readonly run: number; readonly gradient: number };
}
