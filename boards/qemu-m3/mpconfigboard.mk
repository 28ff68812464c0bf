QEMU_ARCH = arm
QEMU_MACHINE = mps2-an385

CFLAGS += -mthumb -mcpu=cortex-m3 -mfloat-abi=soft -DUART_CMSDK -DUART=0x40004000 -DUART_IRQ=0
CFLAGS += -DMICROPY_HW_MCU_NAME='"Cortex-M3"' -DSIMBOARD_NAME='"qemu-m3"' -DSIMBOARD_ROMFS_BYTES=524288
LDSCRIPT = $(BOARD_DIR)/memory.ld
SRC_BOARD_O = shared/runtime/gchelper_native.o shared/runtime/gchelper_thumb2.o
MPY_CROSS_FLAGS += -march=armv7m

include $(BOARD_DIR)/../../firmware/qemu/board.mk
