import { WinnowError } from '@winnow/plugin-api';

/** The error for an op, by its kernel's name, that no gradient passes through. */
export function noGradient(op: string): WinnowError {
  return new WinnowError('NO_GRADIENT', `The op ${op} has no gradient here.`, {
    hint: 'Write it with other ops, or keep it out of the gradient with offTape of @winnow/tensor-backend. Gradients come with a backend that @winnow/tensor-backend started.',
  });
}

/** The error for a value that no op leads to from what it should be differentiated by. */
export function independent(): WinnowError {
  return new WinnowError(
    'NO_GRADIENT',
    'The value does not depend on what it is differentiated by.',
    {
      hint: 'Compute it from that, an objective from the outputs of `sparse`, by ops of TensorFlow.js alone.',
    },
  );
}

/** The error for a network that is computed as one program, and differentiated twice. */
export function noSecondDerivative(): WinnowError {
  return new WinnowError('NO_GRADIENT', 'A program of the engine has no second derivatives.', {
    hint: 'An objective that takes gradients of gradients must name "second-derivatives" in its `needs`: it is computed op by op then.',
  });
}
