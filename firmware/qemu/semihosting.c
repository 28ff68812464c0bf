/* The call that QEMU answers: a breakpoint of a certain form, the service's number in one register, its arguments' address
 * in another. */
#include "simboard.h"

int32_t host_call(uint32_t number, void *arguments) {
    #if defined(__riscv)
    register uint32_t a0 __asm__("a0") = number;
    register void *a1 __asm__("a1") = arguments;
    /* QEMU looks for exactly these three instructions, uncompressed and in one page. */
    __asm__ volatile(
        ".option push\n"
        ".option norvc\n"
        ".balign 16\n"
        "slli zero, zero, 0x1f\n"
        "ebreak\n"
        "srai zero, zero, 7\n"
        ".option pop\n"
        : "+r"(a0)
        : "r"(a1)
        : "memory");
    return a0;
    #else
    register uint32_t r0 __asm__("r0") = number;
    register void *r1 __asm__("r1") = arguments;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
    #endif
}
