/* Runs every case of cases.bin (test_xtensa.py) on a bare core and says how many gave the expected bytes. */
#include "smg.h"
#include "smg_mem.h"

extern const uint8_t smg_test_cases[]; /* uint32 count, uint32 0, then cases */
extern uint8_t memory[];               /* free, aligned to 16: link.ld */

/* A case, then the file padded to 8 bytes, then for each inference the inputs and the outputs, padded together. */
typedef struct {
    uint32_t file_size, inferences;
} test_case;

static volatile uint32_t interrupts;

/* QEMU's services by their numbers: 1 ends, 4 writes to a file descriptor. */
static int32_t host(int32_t call, int32_t a, int32_t b, int32_t c) {
    register int32_t a2 __asm__("a2") = call;
    register int32_t a3 __asm__("a3") = a;
    register int32_t a4 __asm__("a4") = b;
    register int32_t a5 __asm__("a5") = c;
    __asm__ volatile("simcall" : "+r"(a2), "+r"(a3) : "r"(a4), "r"(a5) : "memory");
    return a2;
}

static void print(const char *text) {
    int32_t size = 0;
    while (text[size]) {
        size++;
    }
    host(4, 1, (int32_t)text, size);
}

static void print_number(const char *what, uint32_t n) {
    char digits[11], *at = digits + 10;
    *at = 0;
    do {
        *--at = (char)('0' + n % 10);
    } while (n /= 10);
    print(what);
    print(" ");
    print(at);
    print("\n");
}

void smg_test_failed(uint32_t cause, uint32_t where) {
    print_number("exception", cause);
    print_number("at", where);
    host(1, 2, 0, 0);
}

/* Calls itself: more windows than any core has. Called at every interrupt. */
int32_t smg_test_nest(int32_t depth) {
    if (depth == 0) {
        interrupts++;
        return 0;
    }
    return smg_test_nest(depth - 1) + depth;
}

static const uint8_t *align8(const uint8_t *at) {
    return (const uint8_t *)(((uintptr_t)at + 7) & ~(uintptr_t)7);
}

static int same(const uint8_t *a, const uint8_t *b, uint32_t size) {
    for (; size && *a == *b; size--, a++, b++) {
    }
    return size == 0;
}

/* Runs the case at *at and moves on to the next one. */
static int passes(const uint8_t **at) {
    const test_case *c = (const void *)*at;
    const uint8_t *file = *at + sizeof *c, *values = align8(file + c->file_size);
    smg_model m;
    int right = smg_open(&m, file, c->file_size, smg_all_kernels, smg_all_kernel_count) == 0;
    uint8_t *arena = memory, *state = memory + ((smg_arena_size(&m) + 15) & ~15u);
    right = right && smg_bind(&m, arena, smg_arena_size(&m), state, smg_state_size(&m)) == 0;
    for (uint32_t i = 0; right && i < c->inferences; i++) {
        uint32_t t = 0;
        for (; t < m.input_count; values += smg_bytes(&m, t++)) {
            memcpy(smg_data(&m, t), values, smg_bytes(&m, t));
        }
        right = smg_invoke(&m) == 0;
        for (; right && t < m.input_count + m.output_count; values += smg_bytes(&m, t++)) {
            right = same(smg_data(&m, t), values, smg_bytes(&m, t));
        }
        values = align8(values);
    }
    *at = values;
    return right;
}

void smg_test_main(void) {
    uint32_t count = *(const uint32_t *)(const void *)smg_test_cases, right = 0;
    const uint8_t *at = smg_test_cases + 8;
    for (uint32_t i = 0; i < count; i++) {
        if (!passes(&at)) {
            print_number("differs", i);
            break; /* where the next one begins is not known */
        }
        right++;
    }
    print_number("right", right);
    print_number("interrupts", interrupts);
    host(1, 0, 0, 0);
}

void *memmove(void *to, const void *from, size_t size) {
    uint8_t *t = to;
    const uint8_t *f = from;
    if (t <= f) {
        for (size_t i = 0; i < size; i++) {
            t[i] = f[i];
        }
    } else {
        while (size--) {
            t[size] = f[size];
        }
    }
    return to;
}

void *memcpy(void *to, const void *from, size_t size) {
    return memmove(to, from, size);
}

void *memset(void *to, int byte, size_t size) {
    for (uint8_t *t = to; size; size--) {
        *t++ = (uint8_t)byte;
    }
    return to;
}
