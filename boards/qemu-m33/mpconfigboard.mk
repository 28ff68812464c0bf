QEMU_ARCH = arm
QEMU_MACHINE = mps2-an505

CFLAGS += -mthumb -mcpu=cortex-m33 -mfpu=fpv5-sp-d16 -mfloat-abi=hard -DUART_CMSDK -DUART=0x50200000 -DUART_IRQ=32
CFLAGS += -DMICROPY_HW_MCU_NAME='"Cortex-M33"' -DSIMBOARD_NAME='"qemu-m33"'
LDSCRIPT = $(BOARD_DIR)/memory.ld
SRC_BOARD_O = shared/runtime/gchelper_generic.o # the other one is assembled for a Cortex-M4
MPY_CROSS_FLAGS += -march=armv7emsp

include $(BOARD_DIR)/../../firmware/qemu/board.mk
