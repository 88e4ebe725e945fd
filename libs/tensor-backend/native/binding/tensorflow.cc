#include "tensorflow.h"

#include <cstdint>
#include <cstdio>
#include <dlfcn.h>
#include <locale>
#include <memory>
#include <new>
#include <sstream>
#include <string>
#include <type_traits>
#include <vector>

#include "../engine/failure.h"
#include "calls.h"

// What is used of TensorFlow is its C API (tensorflow/c/kernels.h, ops.h, tf_status.h and tf_tensor.h), looked up in the
// library that is loaded, so that an engine needs neither TensorFlow nor its headers to be built.
extern "C" {
struct TF_KernelBuilder;
struct TF_OpDefinitionBuilder;
struct TF_OpKernelConstruction;
struct TF_OpKernelContext;
struct TF_Status;
struct TF_Tensor;
}

namespace winnow {
namespace {

constexpr const char* OP = "WinnowCall";
/** Of TF_DataType and TF_Code. */
constexpr int FLOAT = 1, OK = 0, INVALID_ARGUMENT = 3, RESOURCE_EXHAUSTED = 8;

struct Tensorflow {
  TF_OpDefinitionBuilder* (*NewOpDefinitionBuilder)(const char* name);
  void (*OpDefinitionBuilderAddAttr)(TF_OpDefinitionBuilder*, const char* specification);
  void (*OpDefinitionBuilderAddInput)(TF_OpDefinitionBuilder*, const char* specification);
  void (*OpDefinitionBuilderAddOutput)(TF_OpDefinitionBuilder*, const char* specification);
  void (*RegisterOpDefinition)(TF_OpDefinitionBuilder*, TF_Status*);
  TF_KernelBuilder* (*NewKernelBuilder)(const char* op, const char* device, void* (*create)(TF_OpKernelConstruction*),
                                        void (*compute)(void*, TF_OpKernelContext*), void (*destroy)(void*));
  void (*RegisterKernelBuilder)(const char* name, TF_KernelBuilder*, TF_Status*);
  void (*OpKernelConstruction_GetAttrSize)(TF_OpKernelConstruction*, const char* name, int32_t* items, int32_t* bytes,
                                           TF_Status*);
  void (*OpKernelConstruction_GetAttrString)(TF_OpKernelConstruction*, const char* name, char* value, size_t most,
                                             TF_Status*);
  void (*OpKernelConstruction_Failure)(TF_OpKernelConstruction*, TF_Status*);
  void (*OpKernelContext_Failure)(TF_OpKernelContext*, TF_Status*);
  void (*GetInput)(TF_OpKernelContext*, int index, TF_Tensor**, TF_Status*);
  TF_Tensor* (*AllocateOutput)(TF_OpKernelContext*, int index, int type, const int64_t* sizes, int rank, size_t bytes,
                               TF_Status*);
  void* (*TensorData)(const TF_Tensor*);
  size_t (*TensorByteSize)(const TF_Tensor*);
  void (*DeleteTensor)(TF_Tensor*);
  TF_Status* (*NewStatus)();
  void (*SetStatus)(TF_Status*, int code, const char* message);
  int (*GetCode)(const TF_Status*);
  const char* (*Message)(const TF_Status*);
  void (*DeleteStatus)(TF_Status*);
};

Tensorflow tf;

/** Whether the library has all of it. */
bool look(void* library) {
  const auto find = [&](auto& function, const char* name) {
    function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(dlsym(library, name));
    return function != nullptr;
  };
#define FOUND(name) find(tf.name, "TF_" #name)
  return FOUND(NewOpDefinitionBuilder) && FOUND(OpDefinitionBuilderAddAttr) && FOUND(OpDefinitionBuilderAddInput) &&
         FOUND(OpDefinitionBuilderAddOutput) && FOUND(RegisterOpDefinition) && FOUND(NewKernelBuilder) &&
         FOUND(RegisterKernelBuilder) && FOUND(OpKernelConstruction_GetAttrSize) &&
         FOUND(OpKernelConstruction_GetAttrString) && FOUND(OpKernelConstruction_Failure) &&
         FOUND(OpKernelContext_Failure) && FOUND(GetInput) && FOUND(AllocateOutput) &&
         FOUND(TensorData) && FOUND(TensorByteSize) && FOUND(DeleteTensor) && FOUND(NewStatus) && FOUND(SetStatus) &&
         FOUND(GetCode) && FOUND(Message) && FOUND(DeleteStatus);
#undef FOUND
}

/** What TensorFlow says of itself, to be handed back to it. */
struct TensorflowFailure : Failure {
  TensorflowFailure(int code, const char* message) : Failure(message), code(code) {}
  int code;
};

class Status {
 public:
  Status() = default;
  Status(const Status&) = delete;
  Status& operator=(const Status&) = delete;
  ~Status() { tf.DeleteStatus(of_); }
  operator TF_Status*() const { return of_; }
  bool ok() const { return tf.GetCode(of_) == OK; }
  /** Throws what went wrong, if anything did. */
  void check() const {
    if (!ok()) throw TensorflowFailure(tf.GetCode(of_), tf.Message(of_));
  }

 private:
  TF_Status* of_ = tf.NewStatus();
};

struct TensorDeleter {
  void operator()(TF_Tensor* tensor) const { tf.DeleteTensor(tensor); }
};
using Tensor = std::unique_ptr<TF_Tensor, TensorDeleter>;

struct Argument {
  enum { Number, Input, Output, LeftOut } kind;
  double number;
};

/** What `call` says: TensorFlow keeps it for all calls that say the same, as many as there are shapes. */
struct Plan {
  const Call* call = nullptr;
  std::vector<Argument> arguments;
  std::vector<std::vector<int64_t>> shapes;
};

Argument argumentOf(const std::string& word) {
  if (word == "i") return {Argument::Input, 0};
  if (word == "o") return {Argument::Output, 0};
  if (word == "-") return {Argument::LeftOut, 0};
  std::istringstream digits(word);
  digits.imbue(std::locale::classic());
  double number;
  if (!(digits >> number)) throw Failure("\"" + word + "\" is no argument");
  return {Argument::Number, number};
}

Plan planOf(const std::string& text) {
  std::istringstream words(text);
  words.imbue(std::locale::classic());
  Plan plan;
  std::string word;
  words >> word;
  for (const Call& call : calls())
    if (word == call.name) plan.call = &call;
  if (!plan.call) throw Failure("the engine has no operation " + word);
  while (words >> word && word != ";") plan.arguments.push_back(argumentOf(word));
  for (int64_t rank; words >> rank;) {
    std::vector<int64_t>& shape = plan.shapes.emplace_back((size_t)rank);
    for (int64_t& size : shape) words >> size;
  }
  return plan;
}

/** A call's arguments, whose memory is that of TensorFlow's tensors. */
class TensorflowArguments final : public Arguments {
 public:
  TensorflowArguments(const Plan& plan, TF_OpKernelContext* context) : plan_(plan), context_(context) {}

  using Arguments::number;
  void integer(const char* name, int64_t& value, int64_t least, int64_t most) override {
    double given;
    number(name, given);
    if (!(given >= (double)least && given <= (double)most) || given != (double)(int64_t)given)
      refuse(name, "is not an integer in [" + std::to_string(least) + ", " + std::to_string(most) + "]");
    value = (int64_t)given;
  }
  void number(const char* name, double& value) override {
    const Argument& given = next(name);
    if (given.kind != Argument::Number) refuse(name, "is not a number");
    value = given.number;
  }
  void flag(const char* name, bool& value) override {
    int64_t given;
    integer(name, given, 0, 1);
    value = given == 1;
  }
  void integers(const char* name, std::vector<int64_t>& values) override {
    int64_t count;
    integer(name, count, 0, 64);
    values.resize((size_t)count);
    for (int64_t& value : values) integer(name, value, INT32_MIN, INT32_MAX);
  }

 private:
  const Argument& next(const char* name) {
    if (next_ >= plan_.arguments.size()) refuse(name, "is not given");
    return plan_.arguments[next_++];
  }
  int choice(const char* name, const EnumNames&, int count) override {
    int64_t given;
    integer(name, given, 0, count - 1);
    return (int)given;
  }
  void* memory(const char* name, const Need& need) override {
    const auto kind = next(name).kind;
    if (kind == Argument::LeftOut && need.optional) return nullptr;
    if (kind != (need.written ? Argument::Output : Argument::Input))
      refuse(name, need.written ? "is no output" : "is no input");
    const Status status;
    TF_Tensor* tensor = nullptr;
    if (need.written) {
      if ((size_t)outputs_ >= plan_.shapes.size()) refuse(name, "has no shape");
      const std::vector<int64_t>& shape = plan_.shapes[(size_t)outputs_];
      size_t bytes = sizeof(float);
      for (int64_t size : shape) bytes *= (size_t)size;
      tensor = tf.AllocateOutput(context_, outputs_++, FLOAT, shape.data(), (int)shape.size(), bytes, status);
    } else {
      tf.GetInput(context_, inputs_++, &tensor, status);
    }
    status.check();
    tensors_.emplace_back(tensor);
    const auto bytes = (int64_t)tf.TensorByteSize(tensor);
    if (bytes < need.bytes)
      refuse(name, "has " + std::to_string(bytes) + " bytes where " + std::to_string(need.bytes) + " are needed");
    // An empty tensor has no memory, and is given none to read.
    static char empty[64];
    return bytes == 0 ? empty : tf.TensorData(tensor);
  }
  void* items(const char* name, ArrayItem, const Need&) override { refuse(name, "is an array, which TensorFlow is not given"); }

  const Plan& plan_;
  TF_OpKernelContext* context_;
  size_t next_ = 0;
  int inputs_ = 0, outputs_ = 0;
  std::vector<Tensor> tensors_;
};

/** Runs, and tells TensorFlow of what is thrown. */
template <class Run>
void guard(const char* name, const Run& run, void (*fail)(const Status&, void*), void* context) {
  const auto failed = [&](int code, const char* why) {
    char message[1024];
    std::snprintf(message, sizeof message, "In a call of the engine's %s, %s.", name, why);
    const Status status;
    tf.SetStatus(status, code, message);
    fail(status, context);
  };
  try {
    run();
  } catch (const TensorflowFailure& failure) {
    failed(failure.code, failure.what());
  } catch (const OutOfMemory& failure) {
    failed(RESOURCE_EXHAUSTED, failure.what());
  } catch (const std::bad_alloc&) {
    failed(RESOURCE_EXHAUSTED, "memory ran out");
  } catch (const std::exception& error) {
    failed(INVALID_ARGUMENT, error.what());
  } catch (...) {
    failed(INVALID_ARGUMENT, "something was thrown that is no error");
  }
}

void* create(TF_OpKernelConstruction* construction) {
  Plan* plan = nullptr;
  guard(
      OP,
      [&] {
        const Status status;
        int32_t items = 0, bytes = 0;
        tf.OpKernelConstruction_GetAttrSize(construction, "call", &items, &bytes, status);
        status.check();
        std::string text((size_t)bytes, ' ');
        tf.OpKernelConstruction_GetAttrString(construction, "call", text.data(), text.size(), status);
        status.check();
        plan = new Plan(planOf(text));
      },
      [](const Status& status, void* at) {
        tf.OpKernelConstruction_Failure(static_cast<TF_OpKernelConstruction*>(at), status);
      },
      construction);
  return plan;
}

void compute(void* plan, TF_OpKernelContext* context) {
  const Plan& of = *static_cast<const Plan*>(plan);
  guard(
      of.call->name,
      [&] {
        TensorflowArguments arguments(of, context);
        of.call->apply(arguments);
      },
      [](const Status& status, void* at) { tf.OpKernelContext_Failure(static_cast<TF_OpKernelContext*>(at), status); },
      context);
}

bool join() {
  void* library = dlopen("libtensorflow_framework.so.2", RTLD_LAZY | RTLD_NOLOAD);
  if (!library || !look(library)) return false;
  TF_OpDefinitionBuilder* op = tf.NewOpDefinitionBuilder(OP);
  tf.OpDefinitionBuilderAddAttr(op, "call: string");
  tf.OpDefinitionBuilderAddAttr(op, "N: int >= 1");
  tf.OpDefinitionBuilderAddAttr(op, "M: int >= 1");
  tf.OpDefinitionBuilderAddInput(op, "inputs: N * float");
  tf.OpDefinitionBuilderAddOutput(op, "outputs: M * float");
  const Status status;
  tf.RegisterOpDefinition(op, status);
  if (!status.ok()) return false;
  tf.RegisterKernelBuilder(
      OP, tf.NewKernelBuilder(OP, "CPU", create, compute, [](void* plan) { delete static_cast<Plan*>(plan); }), status);
  return status.ok();
}

}  // namespace

bool joinTensorflow() {
  static const bool joined = join();
  return joined;
}

}  // namespace winnow
