/* The functions of smg_module.h as MicroPython objects: what a native module and a user module have in common. Included
 * once, after MicroPython's own headers (py/dynruntime.h or py/runtime.h). They allocate nothing. */
#ifndef SMG_MICROPYTHON_H
#define SMG_MICROPYTHON_H

#include "smg_module.h"

#ifndef SMG_AUDIO
#define SMG_AUDIO 1 /* 0 leaves the audio front end out */
#endif
#ifndef SMG_ONE_CORE
#define SMG_ONE_CORE 0 /* 1 leaves out what a second core needs */
#endif

/* A buffer's address and bytes; a TypeError for what is no buffer, or none that may be written to. */
static mp_buffer_info_t smg_buffer(mp_obj_t object, mp_uint_t access) {
    mp_buffer_info_t info;
    mp_get_buffer_raise(object, &info, access);
    return info;
}

static mp_obj_t smg_mp_handle_size(void) {
    return mp_obj_new_int(smg_module_handle_size());
}
static MP_DEFINE_CONST_FUN_OBJ_0(smg_handle_size_obj, smg_mp_handle_size);

static mp_obj_t smg_mp_open(mp_obj_t handle, mp_obj_t blob) {
    mp_buffer_info_t h = smg_buffer(handle, MP_BUFFER_WRITE), b = smg_buffer(blob, MP_BUFFER_READ);
    return mp_obj_new_int(smg_module_open(h.buf, h.len, b.buf, b.len));
}
static MP_DEFINE_CONST_FUN_OBJ_2(smg_open_obj, smg_mp_open);

static mp_obj_t smg_mp_bind(mp_obj_t handle, mp_obj_t arena, mp_obj_t state) {
    mp_buffer_info_t h = smg_buffer(handle, MP_BUFFER_WRITE);
    mp_buffer_info_t a = smg_buffer(arena, MP_BUFFER_WRITE), s = smg_buffer(state, MP_BUFFER_WRITE);
    return mp_obj_new_int(smg_module_bind(h.buf, h.len, a.buf, a.len, s.buf, s.len));
}
static MP_DEFINE_CONST_FUN_OBJ_3(smg_bind_obj, smg_mp_bind);

/* The functions that take a handle, or a desk, alone. What they share is apart: a native module takes RAM. */
static mp_obj_t smg_of_buffer(mp_obj_t buffer, int32_t (*function)(void *, size_t)) {
    mp_buffer_info_t b = smg_buffer(buffer, MP_BUFFER_WRITE);
    return mp_obj_new_int(function(b.buf, b.len));
}

#define SMG_OF_BUFFER(name)                                              \
    static mp_obj_t smg_mp_##name(mp_obj_t buffer) {                     \
        return smg_of_buffer(buffer, smg_module_##name);                 \
    }                                                                    \
    static MP_DEFINE_CONST_FUN_OBJ_1(smg_##name##_obj, smg_mp_##name)

SMG_OF_BUFFER(arena_size);
SMG_OF_BUFFER(state_size);
SMG_OF_BUFFER(reset);
SMG_OF_BUFFER(step);
SMG_OF_BUFFER(invoke);

#if !SMG_ONE_CORE
static mp_obj_t smg_mp_share(mp_obj_t handle, mp_obj_t desk) {
    mp_buffer_info_t h = smg_buffer(handle, MP_BUFFER_WRITE), d = smg_buffer(desk, MP_BUFFER_WRITE);
    return mp_obj_new_int(smg_module_share(h.buf, h.len, d.buf, d.len));
}
static MP_DEFINE_CONST_FUN_OBJ_2(smg_share_obj, smg_mp_share);

SMG_OF_BUFFER(serve);
SMG_OF_BUFFER(dismiss);

#define SMG_SECOND_CORE_FUNCTIONS(ENTRY)                 \
    ENTRY(MP_QSTR_share, smg_share_obj)                  \
    ENTRY(MP_QSTR_serve, smg_serve_obj)                  \
    ENTRY(MP_QSTR_dismiss, smg_dismiss_obj)
#else
#define SMG_SECOND_CORE_FUNCTIONS(ENTRY)
#endif

#if SMG_AUDIO
static mp_obj_t smg_mp_audio_open(mp_obj_t section) {
    mp_buffer_info_t s = smg_buffer(section, MP_BUFFER_READ);
    return mp_obj_new_int(smg_module_audio_open(s.buf, s.len));
}
static MP_DEFINE_CONST_FUN_OBJ_1(smg_audio_open_obj, smg_mp_audio_open);

static mp_obj_t smg_mp_audio_reset(mp_obj_t section, mp_obj_t state) {
    mp_buffer_info_t s = smg_buffer(section, MP_BUFFER_READ), t = smg_buffer(state, MP_BUFFER_WRITE);
    return mp_obj_new_int(smg_module_audio_reset(s.buf, s.len, t.buf, t.len));
}
static MP_DEFINE_CONST_FUN_OBJ_2(smg_audio_reset_obj, smg_mp_audio_reset);

/* section, state, samples, start, end */
static mp_obj_t smg_mp_audio_feed(size_t count, const mp_obj_t *args) {
    (void)count;
    mp_buffer_info_t s = smg_buffer(args[0], MP_BUFFER_READ), t = smg_buffer(args[1], MP_BUFFER_WRITE);
    mp_buffer_info_t x = smg_buffer(args[2], MP_BUFFER_READ);
    size_t start = (size_t)mp_obj_get_int(args[3]), end = (size_t)mp_obj_get_int(args[4]);
    return mp_obj_new_int(smg_module_audio_feed(s.buf, s.len, t.buf, t.len, x.buf, x.len, start, end));
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(smg_audio_feed_obj, 5, 5, smg_mp_audio_feed);

/* section, state, out, at */
static mp_obj_t smg_mp_audio_frame(size_t count, const mp_obj_t *args) {
    (void)count;
    mp_buffer_info_t s = smg_buffer(args[0], MP_BUFFER_READ), t = smg_buffer(args[1], MP_BUFFER_WRITE);
    mp_buffer_info_t out = smg_buffer(args[2], MP_BUFFER_WRITE);
    size_t at = (size_t)mp_obj_get_int(args[3]);
    return mp_obj_new_int(smg_module_audio_frame(s.buf, s.len, t.buf, t.len, out.buf, out.len, at));
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(smg_audio_frame_obj, 4, 4, smg_mp_audio_frame);

#define SMG_AUDIO_FUNCTIONS(ENTRY)                       \
    ENTRY(MP_QSTR_audio_open, smg_audio_open_obj)        \
    ENTRY(MP_QSTR_audio_reset, smg_audio_reset_obj)      \
    ENTRY(MP_QSTR_audio_feed, smg_audio_feed_obj)        \
    ENTRY(MP_QSTR_audio_frame, smg_audio_frame_obj)
#else
#define SMG_AUDIO_FUNCTIONS(ENTRY)
#endif

/* Every function: ENTRY(its name in Python, its object). */
#define SMG_FUNCTIONS(ENTRY)                             \
    ENTRY(MP_QSTR_handle_size, smg_handle_size_obj)      \
    ENTRY(MP_QSTR_open, smg_open_obj)                    \
    ENTRY(MP_QSTR_arena_size, smg_arena_size_obj)        \
    ENTRY(MP_QSTR_state_size, smg_state_size_obj)        \
    ENTRY(MP_QSTR_bind, smg_bind_obj)                    \
    ENTRY(MP_QSTR_reset, smg_reset_obj)                  \
    ENTRY(MP_QSTR_step, smg_step_obj)                    \
    ENTRY(MP_QSTR_invoke, smg_invoke_obj)                \
    SMG_SECOND_CORE_FUNCTIONS(ENTRY)                     \
    SMG_AUDIO_FUNCTIONS(ENTRY)

#endif
