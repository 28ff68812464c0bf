/* RV32: mcycle counts instructions while QEMU runs with -icount, semihosting prints. */
#include "port.h"

enum { SYS_WRITE0 = 4, SYS_EXIT = 0x18, EXIT_OK = 0x20026 };

const uint32_t port_ticks_mask = 0xffffffff;

extern uint8_t stack_top[]; /* linker */

__attribute__((section(".entry"), used, naked)) void entry(void) {
    __asm__ volatile("la sp, stack_top\n j benchmark");
}

static void semihosting(uint32_t operation, const void *argument) {
    register uint32_t a0 __asm__("a0") = operation;
    register const void *a1 __asm__("a1") = argument;
    __asm__ volatile(".balign 16\n.option push\n.option norvc\n"
                     "slli x0, x0, 0x1f\nebreak\nsrai x0, x0, 7\n.option pop"
                     : "+r"(a0)
                     : "r"(a1)
                     : "memory");
}

uint32_t port_ticks(void) {
    uint32_t count;
    __asm__ volatile("csrr %0, mcycle" : "=r"(count));
    return count;
}

void port_print(const char *text) {
    semihosting(SYS_WRITE0, text);
}

void port_exit(void) {
    semihosting(SYS_EXIT, (const void *)EXIT_OK);
    for (;;) {
    }
}
