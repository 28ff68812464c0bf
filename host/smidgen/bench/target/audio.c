/* The program that the emulated RP2040 runs to count the audio front end: frame by frame along a recording in flash, a
 * breakpoint after each. r0 holds a code, r1 a value, as in main.c; the host (emulate_audio.mjs) knows the same numbers. */
#include "frontend/smg_audio.h"

enum { OPENED = 1, FRAMED = 2, DONE = 3 };

#define FLASH ((const uint32_t *)0x10000000) /* bytes of the section, samples, the section, the samples */

extern uint8_t free_memory[]; /* linker: the first free byte, aligned to 8 */

static void stop(uint32_t code, int32_t value) {
    register uint32_t r0 __asm__("r0") = code;
    register int32_t r1 __asm__("r1") = value;
    __asm__ volatile("bkpt #0" : : "r"(r0), "r"(r1) : "memory");
}

/* First in memory: the emulator starts here. */
__attribute__((section(".entry"), used, noreturn)) void entry(void) {
    size_t size = FLASH[0], count = FLASH[1];
    const void *section = &FLASH[2];
    const int16_t *samples = (const int16_t *)(const void *)&FLASH[2 + size / 4];
    int8_t *features = (int8_t *)free_memory;
    void *state = free_memory + 256; /* the most channels there can be */
    stop(OPENED, smg_audio_open(section, size));
    smg_audio_reset(section, state);
    for (;;) {
        int32_t taken = smg_audio_feed(section, state, samples, count);
        samples += taken;
        count -= (size_t)taken;
        if (smg_audio_frame(section, state, features, NULL) != 1) {
            stop(DONE, 0);
        }
        stop(FRAMED, (int32_t)(uintptr_t)features);
    }
}
