// What JavaScript can call: functions for memory and settings, and the operations (`calls`), whose arguments it gives in
// the order of their `signatures`. Everything that is given is checked, memory against what the sizes say.
#include <cstring>
#include <dlfcn.h>

#include "../engine/buffers.h"
#include "../engine/failure.h"
#include "../engine/threads.h"
#include "../kernels/kernels.h"
#include "calls.h"
#include "tensorflow.h"

namespace winnow {
namespace {

// memory

Handle handleOf(Reader& given) {
  Handle handle;
  given.handle("handle", handle);
  return handle;
}

napi_value allocateTensor(Reader& given) {
  int64_t bytes;
  given.size("bytes", bytes);
  return number(given.env(), (double)allocate((size_t)bytes));
}

napi_value releaseTensor(Reader& given) {
  release(handleOf(given));
  return undefined(given.env());
}

napi_value viewTensor(Reader& given) {
  const Handle handle = handleOf(given);
  int64_t offset, bytes;
  given.size("offsetBytes", offset);
  given.size("bytes", bytes);
  return number(given.env(), (double)view(handle, (size_t)offset, (size_t)bytes));
}

void copyBytes(char* to, const char* from, int64_t bytes) {
  parallelRanges(bytes, 1 << 20, [=](int64_t begin, int64_t end) {
    std::memcpy(to + begin, from + begin, (size_t)(end - begin));
  });
}

napi_value writeTensor(Reader& given) {
  const Handle handle = handleOf(given);
  char* values;
  int64_t bytes;
  given.bytes("values", values, bytes);
  copyBytes(static_cast<char*>(address(handle, (size_t)bytes)), values, bytes);
  return undefined(given.env());
}

napi_value readTensor(Reader& given) {
  const Handle handle = handleOf(given);
  char* values;
  int64_t bytes;
  given.bytes("values", values, bytes);
  copyBytes(values, static_cast<const char*>(address(handle, (size_t)bytes)), bytes);
  return undefined(given.env());
}

napi_value trimMemory(Reader& given) {
  trim();
  return undefined(given.env());
}

napi_value memoryOf(Reader& given) {
  const MemoryUse use = memoryUse();
  napi_value result;
  napi_create_object(given.env(), &result);
  const std::pair<const char*, size_t> fields[] = {{"liveBytes", use.liveBytes},
                                                   {"liveBlocks", use.liveBlocks},
                                                   {"cachedBytes", use.cachedBytes},
                                                   {"peakBytes", use.peakBytes}};
  for (const auto& [name, value] : fields)
    napi_set_named_property(given.env(), result, name, number(given.env(), (double)value));
  return result;
}

// settings

/** Raised where signatures do not tell that something changed; see engine.ts. */
constexpr int INTERFACE = 5;

napi_value interfaceVersion(Reader& given) { return number(given.env(), INTERFACE); }

napi_value setThreadCount(Reader& given) {
  int64_t count;
  given.integer("count", count, 1, 1024);
  setThreads((int)count);
  return undefined(given.env());
}

napi_value threadCount(Reader& given) { return number(given.env(), threads()); }

napi_value setInstructions(Reader& given) {
  std::vector<char> name;
  given.text("name", name);
  useKernels(name.data());
  return undefined(given.env());
}

napi_value instructions(Reader& given) { return text(given.env(), kernels().name); }

napi_value availableInstructions(Reader& given) {
  napi_value names;
  napi_create_array(given.env(), &names);
  for (uint32_t i = 0; availableKernels()[i]; i++)
    napi_set_element(given.env(), names, i, text(given.env(), availableKernels()[i]));
  return names;
}

napi_value joinsTensorflow(Reader& given) {
  napi_value joined;
  napi_get_boolean(given.env(), joinTensorflow(), &joined);
  return joined;
}

const Function FUNCTIONS[] = {
    {"allocate", guarded<allocateTensor>},
    {"release", guarded<releaseTensor>},
    {"view", guarded<viewTensor>},
    {"write", guarded<writeTensor>},
    {"read", guarded<readTensor>},
    {"trim", guarded<trimMemory>},
    {"memory", guarded<memoryOf>},
    {"interfaceVersion", guarded<interfaceVersion>},
    {"setThreads", guarded<setThreadCount>},
    {"threads", guarded<threadCount>},
    {"setInstructions", guarded<setInstructions>},
    {"instructions", guarded<instructions>},
    {"availableInstructions", guarded<availableInstructions>},
    {"joinTensorflow", guarded<joinsTensorflow>},
};

void addFunction(napi_env env, napi_value to, const Function& added) {
  napi_value function;
  // Messages tell the name, which is the function's data.
  napi_create_function(env, added.name, NAPI_AUTO_LENGTH, added.callback, const_cast<char*>(added.name), &function);
  napi_set_named_property(env, to, added.name, function);
}

/**
 * Node unloads the addon when the last worker that loaded it has ended, while the pool's threads are in it: it is opened
 * once more, for good.
 */
void stayLoaded() {
  Dl_info here;
  if (dladdr(reinterpret_cast<const void*>(&stayLoaded), &here)) dlopen(here.dli_fname, RTLD_NOW | RTLD_NODELETE);
}

napi_value initialise(napi_env env, napi_value exports) {
  stayLoaded();
  napi_add_env_cleanup_hook(env, [](void*) { releaseAll(); }, nullptr);
  for (const Function& function : FUNCTIONS) addFunction(env, exports, function);
  napi_value operations, signatures, choices;
  napi_create_object(env, &operations);
  napi_create_object(env, &signatures);
  napi_create_object(env, &choices);
  Choices met;
  for (const Call& call : calls()) {
    addFunction(env, operations, call);
    Signature signature(met);
    call.describe(signature);
    napi_value fields;
    napi_create_object(env, &fields);
    for (const auto& [name, kind] : signature.fields())
      napi_set_named_property(env, fields, name.c_str(), text(env, kind.c_str()));
    napi_set_named_property(env, signatures, call.name, fields);
  }
  for (const auto& [name, values] : met) napi_set_named_property(env, choices, name.c_str(), text(env, values.c_str()));
  napi_set_named_property(env, exports, "calls", operations);
  napi_set_named_property(env, exports, "signatures", signatures);
  napi_set_named_property(env, exports, "choices", choices);
  return exports;
}

}  // namespace
}  // namespace winnow

NAPI_MODULE_INIT() { return winnow::initialise(env, exports); }
