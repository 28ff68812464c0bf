/* The program that the emulated RP2040 runs: open the model in flash, run it one operator at a time, stop at a breakpoint
 * after each stage. The emulator reads the cycle counter there, so printing and copying cost nothing. */
#include "smg.h"
#include "smg_mem.h"

/* Codes in r0 at a breakpoint; r1 holds the value. The host (emulate.mjs) knows the same numbers. */
enum { OPENED = 1, BOUND = 2, STEPPED = 3 };

#define FLASH ((const uint8_t *)0x10000000) /* first the file's size, then, 8 bytes on, the file */

extern uint8_t free_memory[]; /* linker: the first free byte, aligned to 8 */

static void stop(uint32_t code, int32_t value) {
    register uint32_t r0 __asm__("r0") = code;
    register int32_t r1 __asm__("r1") = value;
    __asm__ volatile("bkpt #0" : : "r"(r0), "r"(r1) : "memory");
}

/* First in memory: the emulator starts here. */
__attribute__((section(".entry"), used, noreturn)) void entry(void) {
    smg_model m;
    uint32_t size = *(const uint32_t *)(const void *)FLASH;
    int32_t e = smg_open(&m, FLASH + 8, size, smg_all_kernels, smg_all_kernel_count);
    stop(OPENED, e);
    uint8_t *arena = free_memory, *state = free_memory + ((smg_arena_size(&m) + 7) & ~7u);
    e = smg_bind(&m, arena, smg_arena_size(&m), state, smg_state_size(&m));
    stop(BOUND, e < 0 ? e : (int32_t)(uintptr_t)arena);
    for (;;) {
        stop(STEPPED, smg_step(&m));
    }
}

/* The compiler calls these three by name. Word-wise where it can: the engine copies whole rows. */
void *memcpy(void *to, const void *from, size_t size) {
    return memmove(to, from, size);
}

void *memmove(void *to, const void *from, size_t size) {
    uint8_t *t = to;
    const uint8_t *f = from;
    if (t <= f || t >= f + size) {
        if ((((uintptr_t)t | (uintptr_t)f) & 3) == 0) {
            for (; size >= 4; size -= 4, t += 4, f += 4) {
                *(uint32_t *)(void *)t = *(const uint32_t *)(const void *)f;
            }
        }
        while (size--) {
            *t++ = *f++;
        }
    } else {
        while (size--) {
            t[size] = f[size];
        }
    }
    return to;
}

void *memset(void *to, int byte, size_t size) {
    uint8_t *t = to;
    while (size--) {
        *t++ = (uint8_t)byte;
    }
    return to;
}
