QEMU_ARCH = riscv32
QEMU_MACHINE = virt

# In version 2.2 of the specification control registers and fence.i belong to every core. Named as the extensions that they
# became, Debian's compiler takes its 64-bit libraries.
RV32_ARCH = rv32imac
AFLAGS += -misa-spec=2.2

CFLAGS += -DUART_16550 -DUART=0x10000000
CFLAGS += -DMICROPY_HW_MCU_NAME='"RV32IMAC"' -DSIMBOARD_NAME='"qemu-rv32"'
LDSCRIPT = mcu/rv32/virt.ld
SRC_BOARD_O = shared/runtime/gchelper_native.o shared/runtime/gchelper_rv32i.o
MPY_CROSS_FLAGS += -march=rv32imc

include $(BOARD_DIR)/../../firmware/qemu/board.mk
