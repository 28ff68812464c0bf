# What every emulated board adds to MicroPython's QEMU port; boards/qemu-*/mpconfigboard.mk include it. Nothing of the port is
# changed: its configuration is overridden from mpconfig.h, its main by ours, and its serial driver is left out because
# none of the QEMU_SOC_... names that choose one is defined.

SIMBOARD := $(abspath $(BOARD_DIR)/../../firmware/qemu)

SRC_C += $(addprefix $(SIMBOARD)/,clock.c flash.c main.c semihosting.c serial.c uart.c)
SRC_C += shared/timeutils/timeutils.c

CFLAGS += -I$(SIMBOARD) -DMP_CONFIGFILE='<mpconfig_simboard.h>'
LDFLAGS += -L$(SIMBOARD) -Wl,--wrap=main,--wrap=mp_hal_stdio_poll

MICROPY_VFS_LFS2 = 1
FROZEN_MANIFEST = $(SIMBOARD)/manifest.py
