/* The functions of the board module `_smidgen` (firmware/lib/smidgen/README.md), as every way of bringing them to Python
 * shares them: compiled into the firmware, as a native module, as WebAssembly. Every buffer is an address and a size
 * in bytes; what a program may get wrong about it is checked here. */
#ifndef SMG_MODULE_H
#define SMG_MODULE_H

#include <stddef.h>
#include <stdint.h>

/* WebAssembly wants to be told which functions leave the module, and under which names. */
#ifndef SMG_EXPORT
#define SMG_EXPORT(name)
#endif

SMG_EXPORT(handle_size) int32_t smg_module_handle_size(void);
SMG_EXPORT(open) int32_t smg_module_open(void *h, size_t h_size, const void *blob, size_t blob_size);
SMG_EXPORT(arena_size) int32_t smg_module_arena_size(void *h, size_t h_size);
SMG_EXPORT(state_size) int32_t smg_module_state_size(void *h, size_t h_size);
SMG_EXPORT(bind)
int32_t smg_module_bind(void *h, size_t h_size, void *arena, size_t arena_size, void *state, size_t state_size);
SMG_EXPORT(reset) int32_t smg_module_reset(void *h, size_t h_size);
SMG_EXPORT(step) int32_t smg_module_step(void *h, size_t h_size);
SMG_EXPORT(invoke) int32_t smg_module_invoke(void *h, size_t h_size);
/* A second core, where there are threads (smg_second_core.h); desk_size 0: share no longer. */
int32_t smg_module_share(void *h, size_t h_size, void *desk, size_t desk_size);
int32_t smg_module_serve(void *desk, size_t desk_size);
int32_t smg_module_dismiss(void *desk, size_t desk_size);

SMG_EXPORT(audio_open) int32_t smg_module_audio_open(const void *section, size_t size);
SMG_EXPORT(audio_reset)
int32_t smg_module_audio_reset(const void *section, size_t section_size, void *state, size_t state_size);
SMG_EXPORT(audio_feed)
int32_t smg_module_audio_feed(const void *section, size_t section_size, void *state, size_t state_size,
                              const int16_t *samples, size_t samples_size, size_t start, size_t end);
SMG_EXPORT(audio_frame)
int32_t smg_module_audio_frame(const void *section, size_t section_size, void *state, size_t state_size, int8_t *out,
                               size_t out_size, size_t at);

#endif
