/* The program that the emulated RP2040 runs: open the model in flash, run it one operator at a time, stop at a breakpoint
 * after each stage. The emulator reads the cycle counter there, so printing and copying cost nothing. */
#include "smg.h"

/* Codes in r0 at a breakpoint; r1 holds the value. The host (emulate.mjs) knows the same numbers. */
enum { OPENED = 1, BOUND = 2, STEPPED = 3, SHARED = 4, HALVED = 5 };

#define FLASH ((const uint8_t *)0x10000000) /* the file's size, the number of cores, the file */

extern uint8_t free_memory[]; /* linker: the first free byte, aligned to 8 */

static void stop(uint32_t code, int32_t value) {
    register uint32_t r0 __asm__("r0") = code;
    register int32_t r1 __asm__("r1") = value;
    __asm__ volatile("bkpt #0" : : "r"(r0), "r"(r1) : "memory");
}

/* Two cores' work, one half after the other: the emulator has one. */
static void share(void *context, void (*body)(void *argument, uint32_t part), void *argument) {
    (void)context;
    stop(SHARED, 0);
    body(argument, 0);
    stop(HALVED, 0);
    body(argument, 1);
    stop(HALVED, 1);
}

/* First in memory: the emulator starts here. */
__attribute__((section(".entry"), used, noreturn)) void entry(void) {
    smg_model m;
    const uint32_t *head = (const uint32_t *)(const void *)FLASH;
    int32_t e = smg_open(&m, FLASH + 8, head[0], smg_all_kernels, smg_all_kernel_count);
    stop(OPENED, e);
    uint8_t *arena = free_memory, *state = free_memory + ((smg_arena_size(&m) + 7) & ~7u);
    e = smg_bind(&m, arena, smg_arena_size(&m), state, smg_state_size(&m));
    smg_share(&m, head[1] > 1 ? share : NULL, NULL);
    stop(BOUND, e < 0 ? e : (int32_t)(uintptr_t)arena);
    for (;;) {
        stop(STEPPED, smg_step(&m));
    }
}
