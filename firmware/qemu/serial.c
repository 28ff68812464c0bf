/* Between MicroPython and the serial port: what comes while a program runs is kept, and Ctrl-C is seen at once. */
#include "py/mphal.h"
#include "py/runtime.h"
#include "py/stream.h"
#include "shared/runtime/interrupt_char.h"
#include "simboard.h"
#include "uart.h"

#define KEPT (512)          /* bytes, as on a Pico */
#define LOOK_EVERY (256)    /* bytecodes */
/* Looks at an empty port before the processor sleeps between them. Where a byte wakes it, it may sleep soon: a processor that
 * keeps looking keeps QEMU from reading the next bytes. */
#if defined(__riscv)
#define EAGER (2000)
#else
#define EAGER (20)
#endif

static uint8_t kept[KEPT];
static uint16_t head, tail;

void uart_init(void) {
    uart_start();
}

static bool full(void) {
    return (head + 1) % KEPT == tail;
}

/* Take what has come. When nothing more can be kept the rest waits in the host, as it does behind USB; a Ctrl-C that waits
 * there is seen once the program has read. */
static void receive(void) {
    int byte;
    while (!full() && (byte = uart_get()) >= 0) {
        if (byte == mp_interrupt_char) {
            mp_sched_keyboard_interrupt();
        } else {
            kept[head] = byte;
            head = (head + 1) % KEPT;
        }
    }
}

void simboard_look(void) {
    static uint16_t passed;
    if (++passed >= LOOK_EVERY) {
        passed = 0;
        receive();
    }
}

int uart_rx_chr(void) {
    for (unsigned looks = 0; head == tail; looks++) {
        receive();
        mp_handle_pending(true);
        if (looks > EAGER) {
            simboard_nap();
        }
    }
    int byte = kept[tail];
    tail = (tail + 1) % KEPT;
    return byte;
}

void uart_tx_strn(const char *text, size_t length) {
    for (size_t i = 0; i < length; i++) {
        uart_put(text[i]);
    }
}

uintptr_t __wrap_mp_hal_stdio_poll(uintptr_t wanted) {
    receive();
    uintptr_t ready = wanted & MP_STREAM_POLL_WR;
    return head == tail ? ready : ready | (wanted & MP_STREAM_POLL_RD);
}
