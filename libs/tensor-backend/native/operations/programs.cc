#include "programs.h"

#include <map>
#include <memory>

#include "../engine/failure.h"

namespace winnow {
namespace {

thread_local std::map<int64_t, std::unique_ptr<Program>> programs;
thread_local int64_t lastProgram = 0;

/** As runs and gradients want it. */
int64_t sizeOf(const NamedProgram& program, int64_t (Program::*size)() const) {
  return program.at ? (program.at->*size)() : 0;
}

void requireFinished(const NamedProgram& program) {
  if (program.at && !program.at->finished()) throw Failure("the program is not finished");
}

/** What adds to a program gives, or −1. */
template <class Add>
int64_t ifFit(Add add) {
  try {
    return add();
  } catch (const Unfit&) {
    return -1;
  }
}

}  // namespace

void NamedProgram::fields(Arguments& call) {
  int64_t program = 0;  // which it stays where calls are only described
  call.integer(NAMED(program), 1, Arguments::LARGEST);
  const auto found = programs.find(program);
  if (found != programs.end()) at = found->second.get();
  else if (program != 0) refuse("program", "is no program of this thread");
}

void WindowArguments::fields(Arguments& call) {
  constexpr int64_t MOST = 1 << 16;
  call.integer(NAMED(kernelHeight), 1, MOST);
  call.integer(NAMED(kernelWidth), 1, MOST);
  call.integer(NAMED(stride), 1, MOST);
  call.integer(NAMED(padTop), 0, MOST);
  call.integer(NAMED(padLeft), 0, MOST);
  call.integer(NAMED(outHeight), 1, MOST);
  call.integer(NAMED(outWidth), 1, MOST);
}

Windows WindowArguments::windows() const {
  return {.kernelHeight = (int)kernelHeight, .kernelWidth = (int)kernelWidth, .stride = (int)stride,
          .padTop = (int)padTop, .padLeft = (int)padLeft, .height = 0, .width = 0,
          .outHeight = (int)outHeight, .outWidth = (int)outWidth};
}

int64_t beginProgram(const BeginProgramArguments& work) {
  const std::vector<char> kept(work.kept, work.kept + work.parameters);
  programs[++lastProgram] = std::make_unique<Program>(work.batch, (int)work.height, (int)work.width, work.channels,
                                                      kept, work.differentiable);
  return lastProgram;
}

int64_t addConvolution(const AddConvolutionArguments& work) {
  return ifFit([&] {
    return work.program.at->addConvolution((int)work.input, work.channels, work.groups, work.windows.windows(), work.weight);
  });
}

int64_t addGather(const AddGatherArguments& work) {
  return work.program.at->addGather(work.kind, (int)work.input, work.windows.windows(), work.channels, (int)work.before,
                                    work.channelsLast);
}

int64_t addActivation(const AddActivationArguments& work) {
  return ifFit([&] {
    return work.program.at->addActivation((int)work.layer, work.adjustment, work.scale, work.shift, work.epsilon,
                                          (int)work.second, work.rectifier);
  });
}

int64_t captureActivation(const CaptureActivationArguments& work) {
  return ifFit([&] { return (int64_t)work.program.at->capture((int)work.activation); });
}

int64_t finishProgram(const FinishProgramArguments& work) {
  return ifFit([&] {
    work.program.at->finish((int)work.logits);
    return work.program.at->tapeFloats();
  });
}

int64_t programMultiplyAdds(const ProgramMultiplyAddsArguments& work) {
  return work.program.at->multiplyAdds(work.ofGradient);
}

int64_t programIsDense(const ProgramIsDenseArguments& work) {
  requireFinished(work.program);
  return work.program.at->roadOf(work.layer) != Road::Kept;
}

void RunProgramArguments::fields(Arguments& call) {
  program.fields(call);
  requireFinished(program);
  const int64_t normalized = sizeOf(program, &Program::normalized);
  call.tensor(NAMED(images), {sizeOf(program, &Program::imageFloats)});
  call.tensor(NAMED(parameters), {sizeOf(program, &Program::parameters)});
  call.optionalTensor(NAMED(means), {normalized});
  call.optionalTensor(NAMED(variances), {normalized});
  call.tensor(NAMED(tape), {sizeOf(program, &Program::tapeFloats)});
  call.tensor(NAMED(outputs), {sizeOf(program, &Program::outputFloats)});
  if ((means == nullptr) != (variances == nullptr)) refuse("variances", "is not given together with means");
}

void runProgram(const RunProgramArguments& work) {
  work.program.at->run(work.images, work.parameters, work.means, work.variances, work.tape, work.outputs);
}

void ProgramGradientArguments::fields(Arguments& call) {
  program.fields(call);
  requireFinished(program);
  if (program.at && !program.at->differentiable()) refuse("program", "was begun without gradients");
  call.tensor(NAMED(tape), {sizeOf(program, &Program::tapeFloats)});
  call.tensor(NAMED(parameters), {sizeOf(program, &Program::parameters)});
  call.tensor(NAMED(doutputs), {sizeOf(program, &Program::outputFloats)});
  call.tensor(NAMED(dparameters), {sizeOf(program, &Program::parameters)});
}

void programGradient(const ProgramGradientArguments& work) {
  work.program.at->gradient(work.tape, work.parameters, work.doutputs, work.dparameters);
}

void releaseProgram(const ReleaseProgramArguments& work) { programs.erase(work.program); }

}  // namespace winnow
