// The engine's operations on TensorFlow's tensors.
#pragma once

namespace winnow {

/**
 * Adds to the TensorFlow that the process has loaded, once, the op WinnowCall for its CPU: `call` names an operation and its
 * arguments, `inputs` and `outputs` are the float32 tensors that it reads and writes. False where there is no TensorFlow,
 * or one that lets no ops be added.
 *
 * `call` is "NAME ARGUMENT… ; SHAPE…", by words. The arguments are those of the operation's signature, in its order: a
 * number, "-" for what is left out, "i" for the next input, "o" for the next output. Integers and a shape begin with how
 * many they are.
 */
bool joinTensorflow();

}  // namespace winnow
