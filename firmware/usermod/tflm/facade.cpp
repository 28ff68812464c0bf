#include "facade.h"

#include <new>

#include "tensorflow/lite/micro/debug_log.h"
#include "tensorflow/lite/micro/micro_interpreter.h"
#include "tensorflow/lite/micro/micro_mutable_op_resolver.h"
#include "tensorflow/lite/schema/schema_generated.h"

namespace {

/* tflm_operators.h is made by the build: TFLM_OPERATOR(Conv2D), a line for each operator. */
constexpr unsigned kOperators = 0
#define TFLM_OPERATOR(name) +1
#include "tflm_operators.h"
#undef TFLM_OPERATOR
    ;

struct Handle {
    tflite::MicroMutableOpResolver<kOperators> resolver;
    tflite::MicroInterpreter interpreter;

    Handle(const tflite::Model *model, uint8_t *arena, size_t arena_size)
        : interpreter(model, resolver, arena, arena_size) {}
};

Handle *of(void *handle) {
    return static_cast<Handle *>(handle);
}

bool add_operators(Handle *h) {
    bool added = true;
#define TFLM_OPERATOR(name) added = added && h->resolver.Add##name() == kTfLiteOk;
#include "tflm_operators.h"
#undef TFLM_OPERATOR
    return added;
}

int status(TfLiteStatus s) {
    return s == kTfLiteOk ? 0 : -1;
}

}  // namespace

size_t tflm_handle_size(void) {
    return sizeof(Handle);
}

int tflm_open(void *handle, const void *model, size_t model_size, void *arena, size_t arena_size) {
    /* TFLM itself trusts the file: a damaged one would lead it anywhere. */
    flatbuffers::Verifier verifier(static_cast<const uint8_t *>(model), model_size);
    if (!tflite::VerifyModelBuffer(verifier)) {
        tflm_log("not a .tflite file, or damaged");
        return -1;
    }
    const tflite::Model *file = tflite::GetModel(model);
    if (file->version() != TFLITE_SCHEMA_VERSION) {
        tflm_log("a .tflite file of another version");
        return -1;
    }
    Handle *h = new (handle) Handle(file, static_cast<uint8_t *>(arena), arena_size);
    return add_operators(h) ? status(h->interpreter.AllocateTensors()) : -1;
}

size_t tflm_arena_used(void *handle) {
    return of(handle)->interpreter.arena_used_bytes();
}

size_t tflm_count(void *handle, int outputs) {
    return outputs ? of(handle)->interpreter.outputs_size() : of(handle)->interpreter.inputs_size();
}

int tflm_tensor_at(void *handle, int outputs, size_t index, tflm_tensor *tensor) {
    tflite::MicroInterpreter *i = &of(handle)->interpreter;
    TfLiteTensor *t = outputs ? i->output(index) : i->input(index);
    if (t == nullptr) {
        return -1;
    }
    *tensor = {t->type, t->dims->size, t->params.zero_point, t->dims->data, t->params.scale, t->data.data, t->bytes};
    return 0;
}

int tflm_invoke(void *handle) {
    return status(of(handle)->interpreter.Invoke());
}

int tflm_reset(void *handle) {
    return status(of(handle)->interpreter.Reset());
}

/* What a platform has to bring to TFLM. */

extern "C" void DebugLog(const char *format, va_list arguments) {
    tflm_vlog(format, arguments);
}

extern "C" int DebugVsnprintf(char *buffer, size_t size, const char *format, va_list arguments) {
    return tflm_vsnprintf(buffer, size, format, arguments);
}
