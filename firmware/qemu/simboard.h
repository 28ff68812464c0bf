/* Parts of an emulated board. */
#ifndef SIMBOARD_H
#define SIMBOARD_H

#include <stdbool.h>
#include <stdint.h>

/* semihosting.c: QEMU's services to the program that it runs. Numbers are those of Arm's specification. */
enum { HOST_OPEN = 1, HOST_SAY = 4, HOST_WRITE = 5, HOST_READ = 6, HOST_SEEK = 10, HOST_LENGTH = 12, HOST_TIME = 17, HOST_ELAPSED = 48 };
int32_t host_call(uint32_t number, void *arguments);

/* clock.c */
void clock_init(void);

/* serial.c: the port's uart.h, over uart.c, with a buffer between. */

/* uart.c: the machine's own serial port. uart_get gives -1 when nothing has come. */
void uart_start(void);
int uart_get(void);
void uart_put(uint8_t byte);

#endif
