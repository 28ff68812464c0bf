/* What a machine of QEMU's gives the benchmark: a counter of instructions and a way out. */
#ifndef PORT_H
#define PORT_H

#include <stdint.h>

/* Ticks of PORT_TICK instructions each, counting up, of so many bits. */
uint32_t port_ticks(void);
extern const uint32_t port_ticks_mask;

/* Print text on the host. */
void port_print(const char *text);

_Noreturn void port_exit(void);

/* Where a port's start-up code goes once there is a stack. */
_Noreturn void benchmark(void);

#endif
