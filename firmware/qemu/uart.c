/* The serial port of each machine, as QEMU has it. UART, its base address, comes from the board. On a Cortex-M an
 * interrupt comes with a byte. */
#include <stddef.h>
#include "simboard.h"

#define REGISTER(offset) (*(volatile uint32_t *)(UART + (offset)))
#define BYTE(offset) (*(volatile uint8_t *)(UART + (offset)))

#if defined(UART_NRF51)

enum { STARTRX = 0x000, STARTTX = 0x008, RXDRDY = 0x108, TXDRDY = 0x11c, INTENSET = 0x304, ENABLE = 0x500, RXD = 0x518, TXD = 0x51c };

void uart_start(void) {
    REGISTER(ENABLE) = 4;
    REGISTER(INTENSET) = 4;
    REGISTER(STARTRX) = 1;
    REGISTER(STARTTX) = 1;
}

int uart_get(void) {
    if (!REGISTER(RXDRDY)) {
        return -1;
    }
    REGISTER(RXDRDY) = 0;
    return REGISTER(RXD) & 0xff;
}

void uart_put(uint8_t byte) {
    REGISTER(TXDRDY) = 0;
    REGISTER(TXD) = byte;
    while (!REGISTER(TXDRDY)) {
    }
}

#elif defined(UART_CMSDK)

enum { DATA = 0, STATE = 4, CTRL = 8, INTERRUPT = 12, BAUDDIV = 16 };
enum { TX_FULL = 1, RX_FULL = 2, TX_ON = 1, RX_ON = 2, RX_INTERRUPT = 8, RX_CAME = 2 };

void uart_start(void) {
    REGISTER(BAUDDIV) = 16;
    REGISTER(CTRL) = TX_ON | RX_ON | RX_INTERRUPT;
}

int uart_get(void) {
    if (!(REGISTER(STATE) & RX_FULL)) {
        return -1;
    }
    REGISTER(INTERRUPT) = RX_CAME;
    return REGISTER(DATA) & 0xff;
}

void uart_put(uint8_t byte) {
    while (REGISTER(STATE) & TX_FULL) {
    }
    REGISTER(DATA) = byte;
}

#elif defined(UART_16550)

enum { DATA = 0, FIFO = 2, LINE = 5, HAS_BYTE = 1, TX_EMPTY = 0x20 };

void uart_start(void) {
    BYTE(FIFO) = 1;
}

int uart_get(void) {
    return BYTE(LINE) & HAS_BYTE ? BYTE(DATA) : -1;
}

void uart_put(uint8_t byte) {
    while (!(BYTE(LINE) & TX_EMPTY)) {
    }
    BYTE(DATA) = byte;
}

#endif
