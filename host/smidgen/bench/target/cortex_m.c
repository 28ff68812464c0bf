/* Cortex-M: SysTick counts, semihosting prints. */
#include "port.h"

#define SYSTICK ((volatile uint32_t *)0xe000e010u) /* control, reload, current */
enum { CONTROL, RELOAD, CURRENT, SYS_WRITE0 = 4, SYS_EXIT = 0x18, EXIT_OK = 0x20026 };

const uint32_t port_ticks_mask = 0xffffff;

static void entry(void);

extern uint8_t stack_top[]; /* linker */

__attribute__((section(".entry"), used)) static const void *const vectors[] = {stack_top, (const void *)entry};

static void semihosting(uint32_t operation, const void *argument) {
    register uint32_t r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}

uint32_t port_ticks(void) {
    return ~SYSTICK[CURRENT]; /* it counts down */
}

void port_print(const char *text) {
    semihosting(SYS_WRITE0, text);
}

void port_exit(void) {
    semihosting(SYS_EXIT, (const void *)EXIT_OK);
    for (;;) {
    }
}

static void entry(void) {
    SYSTICK[RELOAD] = port_ticks_mask;
    SYSTICK[CURRENT] = 0;
    SYSTICK[CONTROL] = 5; /* the processor's clock, no interrupt */
    benchmark();
}
