#include "smg_module.h"

#include "../engine/frontend/smg_audio.h"
#include "../engine/smg.h"
#include "smg_second_core.h"

/* MicroPython's heap gives every buffer an address that is a multiple of 16, a slice of one any address. */
static int aligned(const void *buffer, uintptr_t to) {
    return ((uintptr_t)buffer & (to - 1)) == 0;
}

static smg_model *handle(void *buffer, size_t size) {
    return size >= sizeof(smg_model) && aligned(buffer, 8) ? buffer : NULL;
}

int32_t smg_module_handle_size(void) {
    return (int32_t)sizeof(smg_model);
}

int32_t smg_module_open(void *h, size_t h_size, const void *blob, size_t blob_size) {
    smg_model *m = handle(h, h_size);
    return m ? smg_open(m, blob, blob_size, smg_all_kernels, smg_all_kernel_count) : SMG_E_MEMORY;
}

int32_t smg_module_arena_size(void *h, size_t h_size) {
    const smg_model *m = handle(h, h_size);
    return m ? (int32_t)smg_arena_size(m) : SMG_E_MEMORY;
}

int32_t smg_module_state_size(void *h, size_t h_size) {
    const smg_model *m = handle(h, h_size);
    return m ? (int32_t)smg_state_size(m) : SMG_E_MEMORY;
}

int32_t smg_module_bind(void *h, size_t h_size, void *arena, size_t arena_size, void *state, size_t state_size) {
    smg_model *m = handle(h, h_size);
    return m ? smg_bind(m, arena, arena_size, state_size ? state : NULL, state_size) : SMG_E_MEMORY;
}

int32_t smg_module_reset(void *h, size_t h_size) {
    smg_model *m = handle(h, h_size);
    return m ? smg_reset(m) : SMG_E_MEMORY;
}

int32_t smg_module_step(void *h, size_t h_size) {
    smg_model *m = handle(h, h_size);
    return m ? smg_step(m) : SMG_E_MEMORY;
}

int32_t smg_module_invoke(void *h, size_t h_size) {
    smg_model *m = handle(h, h_size);
    return m ? smg_invoke(m) : SMG_E_MEMORY;
}

static smg_desk *desk_at(void *buffer, size_t size) {
    return size >= sizeof(smg_desk) && aligned(buffer, 8) ? buffer : NULL;
}

int32_t smg_module_share(void *h, size_t h_size, void *desk, size_t desk_size) {
    smg_model *m = handle(h, h_size);
    smg_desk *d = desk_at(desk, desk_size);
    if (m == NULL || (d == NULL && desk_size != 0)) {
        return SMG_E_MEMORY;
    }
    smg_share(m, d == NULL ? NULL : smg_desk_parallel_for, d);
    return 0;
}

int32_t smg_module_serve(void *desk, size_t desk_size) {
    smg_desk *d = desk_at(desk, desk_size);
    if (d == NULL) {
        return SMG_E_MEMORY;
    }
    smg_desk_serve(d);
    return 0;
}

int32_t smg_module_dismiss(void *desk, size_t desk_size) {
    smg_desk *d = desk_at(desk, desk_size);
    if (d == NULL) {
        return SMG_E_MEMORY;
    }
    smg_desk_dismiss(d);
    return 0;
}

/* A stream's buffer: the engine's state behind a note of what was checked when the stream began. A section takes some 10,000
 * instructions to check, so a hop compares the note instead. */
typedef struct {
    const void *section;
    uint32_t section_size, size; /* size: of the whole buffer, which has room for all */
    uint64_t state[];
} stream;

int32_t smg_module_audio_open(const void *section, size_t size) {
    int32_t need = smg_audio_open(section, size);
    return need < 0 ? need : need + (int32_t)sizeof(stream);
}

int32_t smg_module_audio_reset(const void *section, size_t section_size, void *buffer, size_t size) {
    int32_t need = smg_module_audio_open(section, section_size);
    if (need < 0)
        return need;
    if (!aligned(buffer, 8))
        return SMG_E_ALIGNMENT;
    if (size < (size_t)need)
        return SMG_E_MEMORY;
    stream *s = buffer;
    *s = (stream){section, (uint32_t)section_size, (uint32_t)size};
    return smg_audio_reset(section, s->state);
}

/* The stream that began there with this section; NULL when none did. */
static stream *begun(const void *section, size_t section_size, void *buffer, size_t size) {
    stream *s = aligned(buffer, 8) && size > sizeof(stream) ? buffer : NULL;
    return s && s->section == section && s->section_size == section_size && s->size == size ? s : NULL;
}

int32_t smg_module_audio_feed(const void *section, size_t section_size, void *state, size_t state_size,
                              const int16_t *samples, size_t samples_size, size_t start, size_t end) {
    stream *s = begun(section, section_size, state, state_size);
    if (s == NULL)
        return SMG_E_ORDER;
    if (start > end || end > samples_size / sizeof *samples)
        return SMG_E_INPUT;
    if (!aligned(samples, sizeof *samples))
        return SMG_E_ALIGNMENT;
    return smg_audio_feed(section, s->state, samples + start, end - start);
}

int32_t smg_module_audio_frame(const void *section, size_t section_size, void *state, size_t state_size, int8_t *out,
                               size_t out_size, size_t at) {
    stream *s = begun(section, section_size, state, state_size);
    if (s == NULL)
        return SMG_E_ORDER;
    const smg_audio *a = section;
    if (at > out_size || out_size - at < a->channels)
        return SMG_E_INPUT;
    return smg_audio_frame(section, s->state, out + at, NULL);
}
