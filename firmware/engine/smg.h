/* Smidgen's inference engine. This is the whole public interface.
 *
 *     smg_model m;
 *     int32_t e = smg_open(&m, file, file_size, smg_all_kernels, smg_all_kernel_count);
 *     if (e < 0) ...                                   an SMG_E_... of smg_format.h
 *     e = smg_bind(&m, arena, smg_arena_size(&m), state, smg_state_size(&m));
 *     memcpy(smg_data(&m, 0), samples, smg_bytes(&m, 0));   tensor 0 is the first input
 *     e = smg_invoke(&m);
 *     use(smg_data(&m, m.input_count));                     the first output follows the inputs
 *
 * The engine has no globals, calls no allocator and keeps no copy: file, arena and state belong to the caller, are aligned
 * to 8 bytes and stay where they are while the model is in use. The file may lie in flash. smg_open checks everything once;
 * afterwards nothing can reach outside those three, whatever bytes the file holds. Two models may share one arena when
 * they take turns (inputs and outputs lie in the arena); each needs its own state.
 *
 * Stack: at most 768 bytes on a Cortex-M0+ (clang -O2), the caller's smg_model included: no recursion, no arrays of
 * variable size.
 *
 * One inference, to read along: smg_open (model.c) -> smg_step (model.c) -> a kernel's `run` (kernels/). */
#ifndef SMG_H
#define SMG_H

#include <stddef.h>
#include <stdint.h>

#include "smg_format.h"

/* Calls body(argument, 0) and body(argument, 1), at the same time where it can, and returns when both have returned: a
 * second core, as the caller has one. */
typedef void smg_parallel_for(void *context, void (*body)(void *argument, uint32_t part), void *argument);

typedef struct smg_call smg_call; /* one operator and its operands, see smg_kernel.h */

/* How one operator is checked (once, in smg_open) and run. `check` returns its multiply-accumulates or an error. */
typedef struct {
    uint8_t code;   /* SMG_OP_... */
    uint8_t layout; /* SMG_LAYOUT_... of the weights that it reads */
    int64_t (*check)(const smg_call *call);
    int32_t (*run)(const smg_call *call);
} smg_kernel;

/* An open model. Read the counts; leave the rest to the engine. */
typedef struct {
    uint32_t tensor_count, operator_count;
    uint16_t input_count, output_count;
    const uint8_t *file;
    const smg_tensor *tensors;
    const uint8_t *operators, *operators_end, *next; /* next: the operator that smg_step runs, NULL until bound */
    const uint8_t *data, *initial_state;
    uint32_t data_size, initial_size;
    const smg_kernel *kernels;
    size_t kernel_count;
    uint8_t *arena, *state;
    smg_parallel_for *parallel_for; /* NULL: one core */
    void *parallel_context;
} smg_model;

/* Every operator, or the subset that a firmware was built with. */
extern const smg_kernel smg_all_kernels[];
extern const size_t smg_all_kernel_count;

/* Check a whole file. Returns 0, or an error and leaves the model unusable. Takes time proportional to `size`. */
int32_t smg_open(smg_model *m, const void *file, size_t size, const smg_kernel *kernels, size_t kernel_count);

/* Bytes that smg_bind wants, exact. */
uint32_t smg_arena_size(const smg_model *m);
uint32_t smg_state_size(const smg_model *m);

/* Give the model its memory and reset it. Sizes may be larger than asked for; state may be NULL when none is needed. */
int32_t smg_bind(smg_model *m, void *arena, size_t arena_size, void *state, size_t state_size);

/* Share the work of each operator that can be shared, from the next one on; NULL: no longer. An open model begins with one
 * core. Outputs are the same bytes, in the same arena. */
void smg_share(smg_model *m, smg_parallel_for *parallel_for, void *context);

/* Back to the initial state, as if nothing had been seen. */
int32_t smg_reset(smg_model *m);

/* Run the whole model, from the start or from where smg_step stands. Returns 0 or an error. */
int32_t smg_invoke(smg_model *m);

/* Run one operator. Returns 1 when more are to come, 0 when the outputs are ready, or an error. */
int32_t smg_step(smg_model *m);

/* Where tensor `index` lies (NULL when there is none, or before smg_bind) and its bytes. Fill the inputs anew before each
 * inference: the plan reuses their memory. */
void *smg_data(const smg_model *m, uint32_t index);
uint32_t smg_bytes(const smg_model *m, uint32_t index);

/* A section of the file (SMG_SECTION_...), or NULL. */
const void *smg_section_data(const smg_model *m, uint16_t kind, uint32_t *size);

#endif
