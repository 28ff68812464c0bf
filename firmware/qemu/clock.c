/* Time, and waiting for it without keeping the host's processor busy. */
#include "py/mphal.h"
#include "py/runtime.h"
#include "simboard.h"

/* Nanoseconds since QEMU started. */
static uint64_t elapsed_ns(void) {
    uint64_t ticks;
    host_call(HOST_ELAPSED, &ticks);
    return ticks;
}

mp_uint_t mp_hal_ticks_us(void) {
    return elapsed_ns() / 1000;
}

mp_uint_t mp_hal_ticks_ms(void) {
    return elapsed_ns() / 1000000;
}

mp_uint_t mp_hal_ticks_cpu(void) {
    return elapsed_ns();
}

uint64_t mp_hal_time_ns(void) {
    return (uint64_t)(uint32_t)host_call(HOST_TIME, 0) * 1000000000;
}

void mp_hal_delay_us(mp_uint_t us) {
    uint64_t end = elapsed_ns() + (uint64_t)us * 1000;
    while (elapsed_ns() < end) {
    }
}

void mp_hal_delay_ms(mp_uint_t ms) {
    uint64_t end = elapsed_ns() + (uint64_t)ms * 1000000;
    do {
        mp_event_handle_nowait();
        if (elapsed_ns() + 1000000 < end) {
            simboard_nap();
        }
    } while (elapsed_ns() < end);
}

/* Sleep for a millisecond at most, on a Cortex-M until a byte comes. Interrupts wake the processor but are never taken. */
#if defined(__riscv)

#define MTIMECMP ((volatile uint32_t *)0x02004000)
#define MTIME ((volatile uint32_t *)0x0200bff8)
#define TICKS (10000) /* of 10 MHz */
#define MIE_TIMER (1 << 7)

void clock_init(void) {
    __asm__ volatile("csrci mstatus, 8");
    __asm__ volatile("csrs mie, %0" ::"r"(MIE_TIMER));
}

void simboard_nap(void) {
    uint32_t low = MTIME[0];
    MTIMECMP[1] = low + TICKS < low ? MTIME[1] + 1 : MTIME[1];
    MTIMECMP[0] = low + TICKS;
    __asm__ volatile("wfi");
}

#else

#define SYST_CSR (*(volatile uint32_t *)0xe000e010)
#define SYST_RVR (*(volatile uint32_t *)0xe000e014)
#define SYST_CVR (*(volatile uint32_t *)0xe000e018)
#define ICSR (*(volatile uint32_t *)0xe000ed04)
#define CPACR (*(volatile uint32_t *)0xe000ed88)
#define NVIC_ISER(irq) (((volatile uint32_t *)0xe000e100)[(irq) / 32])
#define NVIC_ICPR(irq) (((volatile uint32_t *)0xe000e280)[(irq) / 32])
#define PENDSTCLR (1 << 25)
#define TICKS (16000) /* of 16 to 25 MHz */

void clock_init(void) {
    __asm__ volatile("cpsid i");
    #if defined(__ARM_FP)
    CPACR |= 0xf << 20;
    __asm__ volatile("dsb\nisb");
    #endif
    SYST_RVR = TICKS - 1;
    SYST_CSR = 7;
    NVIC_ISER(UART_IRQ) = 1u << UART_IRQ % 32;
}

void simboard_nap(void) {
    ICSR = PENDSTCLR;
    SYST_CVR = 0;
    __asm__ volatile("wfi");
    NVIC_ICPR(UART_IRQ) = 1u << UART_IRQ % 32;
}

#endif
