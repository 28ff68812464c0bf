/* `_smidgen` as a native module: machine code that stock MicroPython loads from a .mpy file. */
#include "py/dynruntime.h"

#include "../module/smg_micropython.h"

#define STORE(name, object) mp_store_global(name, MP_OBJ_FROM_PTR(&object));

/* MicroPython calls it once, when a program imports the module. */
mp_obj_t mpy_init(mp_obj_fun_bc_t *self, size_t n_args, size_t n_kw, mp_obj_t *args) {
    (void)n_args, (void)n_kw, (void)args;
    MP_DYNRUNTIME_INIT_ENTRY
    mp_store_global(MP_QSTR_ENGINE, MP_OBJ_NEW_QSTR(MP_QSTR_native));
    SMG_FUNCTIONS(STORE)
    MP_DYNRUNTIME_INIT_EXIT
}

/* The engine's three library functions, from MicroPython's own table: a native module links no C library. */
void *memmove(void *to, const void *from, size_t size) {
    return mp_fun_table.memmove_(to, from, size);
}

void *memcpy(void *to, const void *from, size_t size) {
    return mp_fun_table.memmove_(to, from, size);
}

void *memset(void *to, int byte, size_t size) {
    return mp_fun_table.memset_(to, byte, size);
}
