#include "calls.h"

#include "../operations/convolution.h"
#include "../operations/depthwise.h"
#include "../operations/elementwise.h"
#include "../operations/movement.h"
#include "../operations/normalization.h"
#include "../operations/optimisers.h"
#include "../operations/pooling.h"
#include "../operations/products.h"
#include "../operations/programs.h"
#include "../operations/random.h"
#include "../operations/reductions.h"

namespace winnow {
namespace {

#define CALL(operation) {{#operation, guarded<called<operation>>}, described<operation>, applied<operation>}
const Call CALLS[] = {
    CALL(unary),
    CALL(binary),
    CALL(compare),
    CALL(select),
    CALL(cast),
    CALL(fill),
    CALL(relax),
    CALL(reduce),
    CALL(argExtremum),
    CALL(softmax),
    CALL(copy),
    CALL(gather),
    CALL(oneHot),
    CALL(matMul),
    CALL(convolve),
    CALL(convolveInputGradient),
    CALL(convolveFilterGradient),
    CALL(depthwise),
    CALL(depthwiseInputGradient),
    CALL(depthwiseFilterGradient),
    CALL(maxPool),
    CALL(averagePool),
    CALL(maxPoolGradient),
    CALL(maxPoolGather),
    CALL(averagePoolGradient),
    CALL(normalize),
    CALL(affine),
    CALL(normalizeGradient),
    CALL(normalizeGradientGradient),
    CALL(threefry),
    CALL(uniforms),
    CALL(sgd),
    CALL(adam),
    CALL(expectedCount),
    CALL(maskedSquares),
    CALL(squares),
    CALL(combine),
    CALL(beginProgram),
    CALL(addConvolution),
    CALL(addGather),
    CALL(addActivation),
    CALL(captureActivation),
    CALL(finishProgram),
    CALL(programMultiplyAdds),
    CALL(programIsDense),
    CALL(runProgram),
    CALL(programGradient),
    CALL(releaseProgram),
};
#undef CALL

}  // namespace

std::span<const Call> calls() { return CALLS; }

}  // namespace winnow
