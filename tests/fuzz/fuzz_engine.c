/* Feed arbitrary bytes to the engine: whatever smg_open accepts must run without leaving its memory.
 *
 * The file's magic, size and checksum are mended first, so that mutations reach the validator behind them. The file, the
 * arena, the state and the features are heap blocks of exactly the size promised, so that AddressSanitizer sees one byte
 * too far. The kernels are those for ARMv6-M, with the plain ones that they are beside. -DOPEN_ONLY stops after smg_open
 * and smg_audio_open; -DREPLAY makes a program that runs the files named on its command line instead of fuzzing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frontend/smg_audio.h"
#include "kernels/armv6m/armv6m.h"
#include "smg.h"
#include "smg_crc.h"

enum { MAX_FILE = 1 << 16, MAX_MEMORY = 1 << 12, MAX_MACS = 1 << 14, MAX_OPERATORS = 16, SAMPLES = 512, FRAMES = 2 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#ifndef REPLAY
/* Stands in for crc.c while fuzzing: the checksum is mended anyway, and computing it would take most of the time. */
uint32_t smg_crc32(const uint8_t *bytes, size_t size) {
    return size == 0 ? 0 : bytes[0] * 256u + bytes[size - 1];
}
#endif

static void *exact(size_t size) {
    void *block = malloc(size > 0 ? size : 1);
    if (block == NULL) {
        abort();
    }
    memset(block, 0x5a, size);
    return block;
}

static void mend(uint8_t *file, size_t size) {
    smg_header *h = (smg_header *)(void *)file;
    memcpy(h->magic, "SMG\x1a", 4);
    if (h->size > size || h->size < sizeof *h) {
        h->size = (uint32_t)size;
    }
    h->crc = smg_crc32(file + 8, h->size - 8);
}

#ifndef OPEN_ONLY
static void run_model(smg_model *m) {
    const smg_header *h = (const smg_header *)(const void *)m->file;
    if (h->arena_size > MAX_MEMORY || h->state_size > MAX_MEMORY || h->macs > MAX_MACS ||
        m->operator_count > MAX_OPERATORS) {
        return;
    }
    void *arena = exact(smg_arena_size(m)), *state = exact(smg_state_size(m));
    if (smg_bind(m, arena, smg_arena_size(m), state, smg_state_size(m)) != 0) {
        abort(); /* what was promised must do */
    }
    for (int i = 0; i < 2 && smg_invoke(m) == 0; i++) {
    }
    free(arena);
    free(state);
}

static void run_audio(const uint8_t *section, size_t state_size) {
    void *state = exact(state_size);
    int8_t *features = exact(((const smg_audio *)(const void *)section)->channels);
    int16_t samples[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
        samples[i] = (int16_t)(i * i * 31);
    }
    smg_audio_reset(section, state);
    for (int frames = 0; frames < FRAMES;) {
        smg_audio_feed(section, state, samples, SAMPLES);
        frames += smg_audio_frame(section, state, features, NULL);
    }
    free(state);
    free(features);
}
#endif

static void try_model(const uint8_t *file, size_t size) {
    smg_model m;
    if (smg_open(&m, file, size, smg_armv6m_kernels, smg_armv6m_kernel_count) != 0) {
        return;
    }
    uint32_t audio_size;
    const uint8_t *audio = smg_section_data(&m, SMG_SECTION_AUDIO, &audio_size);
    int32_t state_size = audio == NULL ? -1 : smg_audio_open(audio, audio_size);
#ifdef OPEN_ONLY
    (void)state_size;
#else
    if (state_size >= 0) {
        run_audio(audio, (size_t)state_size);
    }
    run_model(&m);
#endif
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    if (size < sizeof(smg_header) || size > MAX_FILE) {
        return 0;
    }
    uint8_t *file = exact(size);
    memcpy(file, bytes, size);
    mend(file, size);
    try_model(file, size);
    free(file);
    return 0;
}

#ifdef REPLAY
int main(int count, char **names) {
    static uint8_t bytes[MAX_FILE];
    for (int i = 1; i < count; i++) {
        FILE *f = fopen(names[i], "rb");
        if (f == NULL) {
            perror(names[i]);
            return 2;
        }
        LLVMFuzzerTestOneInput(bytes, fread(bytes, 1, sizeof bytes, f));
        fclose(f);
    }
    printf("%d files, clean\n", count - 1);
    return 0;
}
#endif
