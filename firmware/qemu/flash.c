/* _sim.Flash: the board's flash as a block device. Its bytes are a file of the host, flash.bin in the folder where QEMU was
 * started, so that they survive the board. Erasing and programming are steps of their own, as on a chip. A board with
 * ROMFS has a second one, rom.bin. Its bytes lie in the processor's memory, too, as flash does that it executes from; on
 * a board with SIMBOARD_FLASH_BYTES those of flash.bin do as well. */
#include <string.h>
#include "extmod/vfs.h"
#include "py/mperrno.h"
#include "py/objstr.h"
#include "py/runtime.h"
#include "simboard.h"

#define BLOCK (4096)
#define READ_AND_WRITE (3) /* fopen's "r+b" */

typedef struct {
    mp_obj_base_t base;
    const char *name;
    uint32_t name_length;
    int32_t file;    /* the host's, -1 before it is open */
    uint8_t *mapped; /* where its bytes lie in memory; NULL when they do not */
} flash_obj_t;

#ifdef SIMBOARD_FLASH_BYTES
static uint8_t flash_bytes[SIMBOARD_FLASH_BYTES] __attribute__((aligned(BLOCK)));
#else
#define flash_bytes NULL
#endif

static const mp_obj_type_t flash_type;
static flash_obj_t flash = {{&flash_type}, "flash.bin", sizeof "flash.bin" - 1, -1, flash_bytes};

/* Read or write at a place. The host counts the bytes that it did not move. */
static void transfer(const flash_obj_t *self, uint32_t service, uint32_t place, void *bytes, uint32_t length) {
    uint32_t seek[] = {self->file, place}, move[] = {self->file, (uint32_t)bytes, length};
    if (host_call(HOST_SEEK, seek) < 0 || host_call(service, move) != 0) {
        mp_raise_OSError(MP_EIO);
    }
}

static uint32_t size(const flash_obj_t *self) {
    uint32_t arguments[] = {self->file};
    return host_call(HOST_LENGTH, arguments);
}

static void open_flash(flash_obj_t *self) {
    if (self->file >= 0) {
        return;
    }
    uint32_t arguments[] = {(uint32_t)self->name, READ_AND_WRITE, self->name_length};
    self->file = host_call(HOST_OPEN, arguments);
    if (self->file < 0) {
        mp_raise_OSError(MP_ENODEV);
    }
    if (self->mapped) {
        transfer(self, HOST_READ, 0, self->mapped, size(self));
    }
}

static mp_obj_t flash_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    (void)type;
    (void)args;
    mp_arg_check_num(n_args, n_kw, 0, 0, false);
    open_flash(&flash);
    return MP_OBJ_FROM_PTR(&flash);
}

static void program(const flash_obj_t *self, uint32_t place, const void *bytes, uint32_t length) {
    transfer(self, HOST_WRITE, place, (void *)bytes, length);
    if (self->mapped) {
        memcpy(self->mapped + place, bytes, length);
    }
}

static void erase(const flash_obj_t *self, uint32_t block) {
    uint8_t blank[256];
    memset(blank, 0xff, sizeof blank);
    for (uint32_t at = 0; at < BLOCK; at += sizeof blank) {
        program(self, block * BLOCK + at, blank, sizeof blank);
    }
}

static uint32_t place(size_t n_args, const mp_obj_t *args) {
    return mp_obj_get_int(args[1]) * BLOCK + (n_args == 4 ? mp_obj_get_int(args[3]) : 0);
}

/* readblocks(block, buffer[, offset]) */
static mp_obj_t flash_readblocks(size_t n_args, const mp_obj_t *args) {
    mp_buffer_info_t buffer;
    mp_get_buffer_raise(args[2], &buffer, MP_BUFFER_WRITE);
    transfer(MP_OBJ_TO_PTR(args[0]), HOST_READ, place(n_args, args), buffer.buf, buffer.len);
    return MP_OBJ_NEW_SMALL_INT(0);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(flash_readblocks_obj, 3, 4, flash_readblocks);

/* writeblocks(block, buffer[, offset]); without an offset the blocks are erased first. */
static mp_obj_t flash_writeblocks(size_t n_args, const mp_obj_t *args) {
    mp_buffer_info_t buffer;
    mp_get_buffer_raise(args[2], &buffer, MP_BUFFER_READ);
    const flash_obj_t *self = MP_OBJ_TO_PTR(args[0]);
    uint32_t start = place(n_args, args);
    for (uint32_t at = 0; n_args == 3 && at < buffer.len; at += BLOCK) {
        erase(self, (start + at) / BLOCK);
    }
    program(self, start, buffer.buf, buffer.len);
    return MP_OBJ_NEW_SMALL_INT(0);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(flash_writeblocks_obj, 3, 4, flash_writeblocks);

static mp_obj_t flash_ioctl(mp_obj_t self_in, mp_obj_t operation, mp_obj_t argument) {
    const flash_obj_t *self = MP_OBJ_TO_PTR(self_in);
    switch (mp_obj_get_int(operation)) {
        case MP_BLOCKDEV_IOCTL_BLOCK_COUNT:
            return MP_OBJ_NEW_SMALL_INT(size(self) / BLOCK);
        case MP_BLOCKDEV_IOCTL_BLOCK_SIZE:
            return MP_OBJ_NEW_SMALL_INT(BLOCK);
        case MP_BLOCKDEV_IOCTL_BLOCK_ERASE:
            erase(self, mp_obj_get_int(argument));
            return MP_OBJ_NEW_SMALL_INT(0);
        case MP_BLOCKDEV_IOCTL_INIT:
        case MP_BLOCKDEV_IOCTL_DEINIT:
        case MP_BLOCKDEV_IOCTL_SYNC:
            return MP_OBJ_NEW_SMALL_INT(0);
        default:
            return mp_const_none;
    }
}
static MP_DEFINE_CONST_FUN_OBJ_3(flash_ioctl_obj, flash_ioctl);

static const mp_rom_map_elem_t flash_locals_table[] = {
    {MP_ROM_QSTR(MP_QSTR_readblocks), MP_ROM_PTR(&flash_readblocks_obj)},
    {MP_ROM_QSTR(MP_QSTR_writeblocks), MP_ROM_PTR(&flash_writeblocks_obj)},
    {MP_ROM_QSTR(MP_QSTR_ioctl), MP_ROM_PTR(&flash_ioctl_obj)},
};
static MP_DEFINE_CONST_DICT(flash_locals, flash_locals_table);

static mp_int_t flash_get_buffer(mp_obj_t self_in, mp_buffer_info_t *buffer, mp_uint_t flags) {
    const flash_obj_t *self = MP_OBJ_TO_PTR(self_in);
    if (self->mapped == NULL || flags != MP_BUFFER_READ) {
        return 1;
    }
    buffer->buf = self->mapped;
    buffer->len = size(self);
    buffer->typecode = 'B';
    return 0;
}

static MP_DEFINE_CONST_OBJ_TYPE(flash_type, MP_QSTR_Flash, MP_TYPE_FLAG_NONE, make_new, flash_make_new, buffer,
    flash_get_buffer, locals_dict, &flash_locals);

#ifdef SIMBOARD_ROMFS_BYTES
static uint8_t rom_bytes[SIMBOARD_ROMFS_BYTES] __attribute__((aligned(BLOCK)));
static flash_obj_t rom = {{&flash_type}, "rom.bin", sizeof "rom.bin" - 1, -1, rom_bytes};

/* What vfs.rom_ioctl asks: how many partitions there are, and for the first and only one. */
mp_obj_t mp_vfs_rom_ioctl(size_t n_args, const mp_obj_t *args) {
    switch (mp_obj_get_int(args[0])) {
        case MP_VFS_ROM_IOCTL_GET_NUMBER_OF_SEGMENTS:
            return MP_OBJ_NEW_SMALL_INT(1);
        case MP_VFS_ROM_IOCTL_GET_SEGMENT:
            if (n_args == 2 && mp_obj_get_int(args[1]) == 0) {
                open_flash(&rom);
                return MP_OBJ_FROM_PTR(&rom);
            }
    }
    return MP_OBJ_NEW_SMALL_INT(-MP_EINVAL);
}
#endif

static const MP_DEFINE_STR_OBJ(board_name, SIMBOARD_NAME);

static const mp_rom_map_elem_t sim_globals_table[] = {
    {MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR__sim)},
    {MP_ROM_QSTR(MP_QSTR_Flash), MP_ROM_PTR(&flash_type)},
    {MP_ROM_QSTR(MP_QSTR_board), MP_ROM_PTR(&board_name)},
};
static MP_DEFINE_CONST_DICT(sim_globals, sim_globals_table);

const mp_obj_module_t sim_module = {.base = {&mp_type_module}, .globals = (mp_obj_dict_t *)&sim_globals};
MP_REGISTER_MODULE(MP_QSTR__sim, sim_module);
