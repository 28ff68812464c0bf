/* `_tflm` compiled into the firmware: TensorFlow Lite Micro as functions over buffers, for smidgen.tflm. */
#include <stdarg.h> /* before mpprint.h, which then declares mp_vprintf */
#include <string.h>

#include "py/mpprint.h"
#include "py/runtime.h"

#include "facade.h"

/* Text under way; what has no room is dropped. */
typedef struct {
    char *text;
    size_t size, room;
} note;

static void append(void *data, const char *text, size_t size) {
    note *n = data;
    while (size-- > 0 && n->size < n->room) {
        n->text[n->size++] = *text++;
    }
}

/* What TFLM said since the last call began: the first reasons are the closest to the cause. */
static char said_text[256];
static note said = {said_text, 0, sizeof said_text - 1};

void tflm_log(const char *text) {
    append(&said, text, strlen(text));
}

/* MicroPython's printf knows no z (size_t); l is as wide. */
static void print(note *n, const char *format, va_list arguments) {
    char known[128];
    const mp_print_t to = {n, append};
    size_t size = 0;
    for (; *format != 0 && size < sizeof known - 1; format++) {
        known[size] = *format == 'z' && size > 0 && known[size - 1] == '%' ? 'l' : *format;
        size++;
    }
    known[size] = 0;
    mp_vprintf(&to, known, arguments);
}

int tflm_vsnprintf(char *buffer, size_t size, const char *format, va_list arguments) {
    note n = {buffer, 0, size > 0 ? size - 1 : 0};
    print(&n, format, arguments);
    if (size > 0) {
        buffer[n.size] = 0;
    }
    return (int)n.size;
}

static void begin(void) {
    said.size = 0;
}

/* TFLM's lines as one. */
static const char *reason(void) {
    size_t size = 0;
    for (size_t i = 0; i < said.size; i++) {
        char c = said_text[i] == '\n' || said_text[i] == '\r' ? ' ' : said_text[i];
        if (c != ' ' || (size > 0 && said_text[size - 1] != ' ')) {
            said_text[size++] = c;
        }
    }
    said_text[size > 0 && said_text[size - 1] == ' ' ? size - 1 : size] = 0;
    return size > 0 ? said_text : "failed without a reason";
}

static void check(int result) {
    if (result != 0) {
        mp_raise_msg_varg(&mp_type_RuntimeError, MP_ERROR_TEXT("%s"), reason());
    }
}

/* TFLM goes on after "Failed to allocate", with a pointer to nothing: its caller must not come back. */
void tflm_vlog(const char *format, va_list arguments) {
    static const char fatal[] = "Failed to ";
    print(&said, format, arguments);
    tflm_log("\n");
    if (strncmp(format, fatal, sizeof fatal - 1) == 0) {
        check(-1);
    }
}

static mp_buffer_info_t buffer(mp_obj_t object, mp_uint_t access) {
    mp_buffer_info_t info;
    mp_get_buffer_raise(object, &info, access);
    if ((uintptr_t)info.buf % 16 != 0) {
        mp_raise_ValueError(MP_ERROR_TEXT("a buffer must start at a multiple of 16 bytes"));
    }
    return info;
}

/* A handle that `open` has filled ends with a mark. */
static uint32_t *mark(void *handle) {
    return (uint32_t *)((uint8_t *)handle + (tflm_handle_size() + 3) / 4 * 4);
}

#define OPEN (0x544d4c46)

static mp_buffer_info_t space(mp_obj_t object) {
    mp_buffer_info_t info = buffer(object, MP_BUFFER_WRITE);
    if (info.len < tflm_handle_size() + 8) {
        mp_raise_ValueError(MP_ERROR_TEXT("handle too small"));
    }
    return info;
}

static void *handle(mp_obj_t object) {
    void *h = space(object).buf;
    if (*mark(h) != OPEN) {
        mp_raise_ValueError(MP_ERROR_TEXT("handle not open"));
    }
    return h;
}

static mp_obj_t handle_size(void) {
    return mp_obj_new_int(tflm_handle_size() + 8);
}
static MP_DEFINE_CONST_FUN_OBJ_0(handle_size_obj, handle_size);

/* handle, model, arena -> bytes of the arena in use */
static mp_obj_t open(mp_obj_t handle_in, mp_obj_t model_in, mp_obj_t arena_in) {
    mp_buffer_info_t h = space(handle_in), model = buffer(model_in, MP_BUFFER_READ), arena = buffer(arena_in, MP_BUFFER_WRITE);
    *mark(h.buf) = 0;
    begin();
    check(tflm_open(h.buf, model.buf, model.len, arena.buf, arena.len));
    *mark(h.buf) = OPEN;
    return mp_obj_new_int(tflm_arena_used(h.buf));
}
static MP_DEFINE_CONST_FUN_OBJ_3(open_obj, open);

static mp_obj_t invoke(mp_obj_t handle_in) {
    begin();
    check(tflm_invoke(handle(handle_in)));
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(invoke_obj, invoke);

static mp_obj_t reset(mp_obj_t handle_in) {
    begin();
    check(tflm_reset(handle(handle_in)));
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(reset_obj, reset);

/* (type, shape, scale, zero point, offset in the arena, bytes) */
static mp_obj_t describe(const tflm_tensor *t, const mp_buffer_info_t *arena) {
    mp_obj_t dims[8];
    size_t offset = (size_t)((uint8_t *)t->data - (uint8_t *)arena->buf);
    if (t->rank > 8 || offset > arena->len || t->bytes > arena->len - offset) {
        mp_raise_ValueError(MP_ERROR_TEXT("not this handle's arena"));
    }
    for (int i = 0; i < t->rank; i++) {
        dims[i] = mp_obj_new_int(t->dims[i]);
    }
    mp_obj_t fields[] = {mp_obj_new_int(t->type),   mp_obj_new_tuple(t->rank, dims), mp_obj_new_float((mp_float_t)t->scale),
                         mp_obj_new_int(t->zero_point), mp_obj_new_int(offset),      mp_obj_new_int(t->bytes)};
    return mp_obj_new_tuple(MP_ARRAY_SIZE(fields), fields);
}

/* handle, arena, outputs -> a description of every input, or of every output */
static mp_obj_t tensors(mp_obj_t handle_in, mp_obj_t arena_in, mp_obj_t outputs_in) {
    void *h = handle(handle_in);
    mp_buffer_info_t arena = buffer(arena_in, MP_BUFFER_READ);
    int outputs = mp_obj_is_true(outputs_in);
    mp_obj_t found = mp_obj_new_list(0, NULL);
    begin();
    for (size_t i = 0; i < tflm_count(h, outputs); i++) {
        tflm_tensor t;
        check(tflm_tensor_at(h, outputs, i, &t));
        mp_obj_list_append(found, describe(&t, &arena));
    }
    return found;
}
static MP_DEFINE_CONST_FUN_OBJ_3(tensors_obj, tensors);

static const mp_rom_map_elem_t globals_table[] = {
    {MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR__tflm)},
    {MP_ROM_QSTR(MP_QSTR_handle_size), MP_ROM_PTR(&handle_size_obj)},
    {MP_ROM_QSTR(MP_QSTR_open), MP_ROM_PTR(&open_obj)},
    {MP_ROM_QSTR(MP_QSTR_invoke), MP_ROM_PTR(&invoke_obj)},
    {MP_ROM_QSTR(MP_QSTR_reset), MP_ROM_PTR(&reset_obj)},
    {MP_ROM_QSTR(MP_QSTR_tensors), MP_ROM_PTR(&tensors_obj)},
};
static MP_DEFINE_CONST_DICT(globals, globals_table);

const mp_obj_module_t tflm_module = {
    .base = {&mp_type_module},
    .globals = (mp_obj_dict_t *)&globals,
};

MP_REGISTER_MODULE(MP_QSTR__tflm, tflm_module);
