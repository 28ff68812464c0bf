/* TensorFlow Lite Micro in a few C functions: what module.c needs of it. facade.cpp has them. */
#ifndef SMIDGEN_TFLM_FACADE_H
#define SMIDGEN_TFLM_FACADE_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* An input or output. type: TFLite's number. bytes: what lies at `data`, in the arena. */
typedef struct {
    int type, rank, zero_point;
    const int *dims;
    float scale;
    void *data;
    size_t bytes;
} tflm_tensor;

/* Bytes of a handle: an interpreter and its table of operators, which stay where they are. */
size_t tflm_handle_size(void);

/* Check a .tflite file and lay out its tensors. Model and arena stay alive, unmoved, as long as the handle is in use.
 * Returns 0, or -1 after a reason was given to tflm_log. */
int tflm_open(void *handle, const void *model, size_t model_size, void *arena, size_t arena_size);

/* Of an open handle. Bytes of the arena that are in use, exact; how many inputs or outputs; one of them; one inference
 * and back to the initial state, which return 0 or -1. */
size_t tflm_arena_used(void *handle);
size_t tflm_count(void *handle, int outputs);
int tflm_tensor_at(void *handle, int outputs, size_t index, tflm_tensor *tensor);
int tflm_invoke(void *handle);
int tflm_reset(void *handle);

/* Where a reason for a failure goes, and printf for it; module.c has them. */
void tflm_log(const char *text);
void tflm_vlog(const char *format, va_list arguments);
int tflm_vsnprintf(char *buffer, size_t size, const char *format, va_list arguments);

#ifdef __cplusplus
}
#endif

#endif
