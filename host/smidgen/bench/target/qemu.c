/* The program that a machine of QEMU's runs: open the model, run it one operator at a time, print what each took and the
 * outputs. One line each: "opened ERROR TICKS", "bound ERROR TICKS", "step RESULT TICKS", "output HEX". Printing is not
 * counted. */
#include "port.h"
#include "smg.h"
#include "smg_mem.h"

#define HEADER ((const uint32_t *)MODEL_AT) /* bytes of the file, bytes of the inputs; the file, then the inputs, follow */

extern uint8_t free_memory[]; /* linker: the first free byte, aligned to 8 */

static uint32_t began;

static void print_number(uint32_t value) {
    char digits[12];
    uint32_t at = sizeof digits - 1;
    digits[at] = 0;
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    port_print(digits + at);
}

/* Print the ticks since the last report. `result`: an error is negative. */
static void report(const char *what, int32_t result) {
    uint32_t ticks = (port_ticks() - began) & port_ticks_mask;
    port_print(what);
    port_print(result < 0 ? " -" : " ");
    print_number((uint32_t)(result < 0 ? -result : result));
    port_print(" ");
    print_number(ticks);
    port_print("\n");
    if (result < 0) {
        port_exit();
    }
    began = port_ticks();
}

static void print_output(const uint8_t *bytes, uint32_t count) {
    static const char digits[] = "0123456789abcdef";
    char pair[3] = {0, 0, 0};
    port_print("output ");
    for (uint32_t i = 0; i < count; i++) {
        pair[0] = digits[bytes[i] >> 4];
        pair[1] = digits[bytes[i] & 15];
        port_print(pair);
    }
    port_print("\n");
}

static void fill_inputs(const smg_model *m, const uint8_t *values) {
    for (uint32_t i = 0; i < m->input_count; i++) {
        memcpy(smg_data(m, i), values, smg_bytes(m, i));
        values += smg_bytes(m, i);
    }
}

void benchmark(void) {
    smg_model m;
    const uint8_t *file = (const uint8_t *)(HEADER + 2);
    began = port_ticks();
    report("opened", smg_open(&m, file, HEADER[0], smg_all_kernels, smg_all_kernel_count));
    uint8_t *arena = free_memory, *state = free_memory + ((smg_arena_size(&m) + 7) & ~7u);
    report("bound", smg_bind(&m, arena, smg_arena_size(&m), state, smg_state_size(&m)));
    fill_inputs(&m, file + HEADER[0]);
    int32_t more = 1;
    while (more > 0) {
        began = port_ticks();
        more = smg_step(&m);
        report("step", more);
    }
    for (uint32_t i = 0; i < m.output_count; i++) {
        print_output(smg_data(&m, m.input_count + i), smg_bytes(&m, m.input_count + i));
    }
    port_exit();
}
