/* For tests of firmware/usermod/tflm/module.c and smidgen/tflm.py where there is no TensorFlow Lite Micro: the facade with
 * models of its own making, "FAKE" and the bytes of arena that it needs. Its one inference adds 1 to four int8 values. It
 * shows what the module and the class do with the facade's answers, and nothing about TFLM. */
#include <string.h>

#include "facade.h"

typedef struct {
    int8_t *arena;
    size_t used;
} fake;

static const int dims[] = {1, 4};

static int refuse(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    tflm_vlog(format, arguments);
    va_end(arguments);
    return -1;
}

size_t tflm_handle_size(void) {
    return sizeof(fake) + 1; /* odd, as it may be */
}

int tflm_open(void *handle, const void *model, size_t model_size, void *arena, size_t arena_size) {
    fake *f = handle;
    if (model_size != 8 || memcmp(model, "FAKE", 4) != 0) {
        tflm_log("not a .tflite file, or damaged");
        return -1;
    }
    f->arena = arena;
    f->used = ((const uint8_t *)model)[4] * 16u;
    if (f->used > arena_size) {
        return refuse("needs %zu bytes,\nmissing: %d\n", f->used, (int)(f->used - arena_size));
    }
    return 0;
}

size_t tflm_arena_used(void *handle) {
    return ((fake *)handle)->used;
}

size_t tflm_count(void *handle, int outputs) {
    (void)handle, (void)outputs;
    return 1;
}

int tflm_tensor_at(void *handle, int outputs, size_t index, tflm_tensor *tensor) {
    (void)index;
    *tensor = (tflm_tensor){9, 2, -3, dims, 0.5f, ((fake *)handle)->arena + (outputs ? 16 : 0), 4};
    return 0;
}

int tflm_invoke(void *handle) {
    int8_t *arena = ((fake *)handle)->arena;
    for (int i = 0; i < 4; i++) {
        if (arena[i] == 127) {
            return refuse("Node %s failed", "FAKE");
        }
        arena[16 + i] = (int8_t)(arena[i] + 1);
    }
    return 0;
}

int tflm_reset(void *handle) {
    memset(((fake *)handle)->arena, 0, 4);
    return 0;
}
