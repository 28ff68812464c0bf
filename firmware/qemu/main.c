/* One life of a board after another, as stock firmware lives it: filesystem, boot.py, main.py, prompt, soft reset. The port's own
 * main knows the prompt alone. */
#include "py/gc.h"
#include "py/mphal.h"
#include "py/runtime.h"
#include "py/stackctrl.h"
#include "shared/readline/readline.h"
#include "shared/runtime/pyexec.h"
#include "simboard.h"

#define STACK (8192 - 256) /* of a Pico: what MicroPython may use of it */

static uint32_t heap[MICROPY_HEAP_SIZE / sizeof(uint32_t)];

/* Until somebody asks for a reset. */
static void prompt(void) {
    while ((pyexec_mode_kind == PYEXEC_MODE_RAW_REPL ? pyexec_raw_repl() : pyexec_friendly_repl()) == 0) {
    }
}

/* The user's programs. False when one of them asked for a reset. */
static bool run_scripts(void) {
    int result = pyexec_file_if_exists("boot.py");
    if (result & PYEXEC_FORCED_EXIT) {
        return false;
    }
    if (pyexec_mode_kind == PYEXEC_MODE_FRIENDLY_REPL && result != 0) {
        return !(pyexec_file_if_exists("main.py") & PYEXEC_FORCED_EXIT);
    }
    return true;
}

int __wrap_main(void) {
    clock_init();
    mp_stack_ctrl_init();
    mp_stack_set_limit(STACK);
    gc_init(heap, (char *)heap + sizeof heap);
    for (;;) {
        mp_init();
        readline_init0();
        pyexec_frozen_module("_boot.py", false);
        host_call(HOST_SAY, (char *)"ready\n"); /* on QEMU's standard error, for the simulator */
        if (run_scripts()) {
            prompt();
        }
        mp_printf(&mp_plat_print, "MPY: soft reboot\n");
        gc_sweep_all();
        mp_deinit();
    }
}
