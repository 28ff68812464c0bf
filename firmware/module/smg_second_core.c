#include "smg_second_core.h"

#include <stddef.h>

/* Between cores of one chip an event wakes the one that sleeps. Elsewhere, on Linux, it spins. */
#ifndef SMG_WAIT
#if defined(__arm__)
#define SMG_WAIT() __asm__ volatile("wfe" ::: "memory")
#define SMG_WAKE() __asm__ volatile("sev" ::: "memory")
#else
#define SMG_WAIT()
#define SMG_WAKE()
#endif
#endif

/* What follows a read, or comes before a write, stays there. Cores without atomic read-modify-write instructions load and
 * store words whole all the same, but compilers then offer fences only. */
static uint32_t read_word(const uint32_t *word) {
#if __GCC_ATOMIC_INT_LOCK_FREE == 2
    return __atomic_load_n(word, __ATOMIC_ACQUIRE);
#else
    uint32_t value = *(const volatile uint32_t *)word;
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    return value;
#endif
}

static void write_word(uint32_t *word, uint32_t value) {
#if __GCC_ATOMIC_INT_LOCK_FREE == 2
    __atomic_store_n(word, value, __ATOMIC_RELEASE);
#else
    __atomic_thread_fence(__ATOMIC_RELEASE);
    *(volatile uint32_t *)word = value;
#endif
    SMG_WAKE();
}

static void wait_until(const uint32_t *word, uint32_t value) {
    while (read_word(word) != value) {
        SMG_WAIT();
    }
}

/* Is the desk free for one who asks? It is theirs then, until give_back. Another thread's or an interrupt's inference may
 * come while one is under way. Where cores cannot exchange words, one of them asks, and its interrupts end here first. */
static int take(smg_desk *d) {
#if __GCC_ATOMIC_INT_LOCK_FREE == 2
    return __atomic_exchange_n(&d->taken, 1, __ATOMIC_ACQUIRE) == 0;
#else
    int is_free = read_word(&d->taken) == 0;
    if (is_free) {
        write_word(&d->taken, 1);
    }
    return is_free;
#endif
}

static void give_back(smg_desk *d) {
    write_word(&d->taken, 0);
}

/* Leave the second core something to do. */
static void ask(smg_desk *d, void (*body)(void *argument, uint32_t part), void *argument) {
    d->body = body;
    d->argument = argument;
    write_word(&d->asked, d->asked + 1);
}

void smg_desk_serve(smg_desk *d) {
    write_word(&d->served, 1);
    for (uint32_t done = d->done + 1;; done++) {
        wait_until(&d->asked, done);
        if (d->body == NULL) {
            write_word(&d->served, 0);
            write_word(&d->done, done);
            return;
        }
        d->body(d->argument, 1);
        write_word(&d->done, done);
    }
}

void smg_desk_parallel_for(void *desk, void (*body)(void *argument, uint32_t part), void *argument) {
    smg_desk *d = desk;
    int shared = read_word(&d->served) != 0 && take(d);
    if (shared) {
        ask(d, body, argument);
    }
    body(argument, 0);
    if (shared) {
        wait_until(&d->done, d->asked);
        give_back(d);
    } else {
        body(argument, 1);
    }
}

void smg_desk_dismiss(smg_desk *d) {
    while (!take(d)) { /* for good: nobody asks here again, also while one comes who has not come yet */
        SMG_WAIT();
    }
    int served = read_word(&d->served) != 0;
    ask(d, NULL, NULL); /* one who has not come yet will go at once */
    if (served) {
        wait_until(&d->done, d->asked);
    }
}
