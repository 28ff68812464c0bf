/* `_smidgen` compiled into the firmware: a user module of MicroPython's own build. */
#include "py/runtime.h"

#include "../../module/smg_micropython.h"

#define ENTRY(name, object) {MP_ROM_QSTR(name), MP_ROM_PTR(&object)},

static const mp_rom_map_elem_t globals_table[] = {
    {MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR__smidgen)},
    {MP_ROM_QSTR(MP_QSTR_ENGINE), MP_ROM_QSTR(MP_QSTR_usermod)},
    SMG_FUNCTIONS(ENTRY)
};
static MP_DEFINE_CONST_DICT(globals, globals_table);

const mp_obj_module_t smidgen_module = {
    .base = {&mp_type_module},
    .globals = (mp_obj_dict_t *)&globals,
};

MP_REGISTER_MODULE(MP_QSTR__smidgen, smidgen_module);
