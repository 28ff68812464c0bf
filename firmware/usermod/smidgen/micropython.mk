# The engine and its audio front end as a module of MicroPython's firmware (docs/firmware.md):
#
#     make USER_C_MODULES=.../firmware/usermod
#
# The engine lies outside USER_C_MODULES. Its files are named by their places in the repository, where make looks, too.
SMIDGEN_ROOT := $(abspath $(USERMOD_DIR)/../../..)
SMIDGEN_FOLDERS := engine engine/frontend engine/kernels engine/kernels/* module
SMIDGEN_FILES := $(foreach folder,$(SMIDGEN_FOLDERS),$(wildcard $(SMIDGEN_ROOT)/firmware/$(folder)/*.[cS]))
# kernels.c takes the table that fits the processor; kernels for others compile to nothing, or are not linked.
SMIDGEN_FILES := $(patsubst $(SMIDGEN_ROOT)/%,%,$(filter-out %/all.c,$(SMIDGEN_FILES)))
vpath %.c $(SMIDGEN_ROOT)
vpath %.S $(SMIDGEN_ROOT)

SRC_USERMOD_C += $(USERMOD_DIR)/smidgen.c
SRC_USERMOD_LIB_C += $(USERMOD_DIR)/kernels.c $(filter %.c,$(SMIDGEN_FILES))
SRC_USERMOD_LIB_ASM += $(filter %.S,$(SMIDGEN_FILES))

# A port optimises for size; inference is worth its bytes. Assembly for another processor, of which nothing is left, must not
# make the stack executable.
SMIDGEN_OPTIMIZATION ?= -O2
$(BUILD)/firmware/%.o: CFLAGS += $(SMIDGEN_OPTIMIZATION) -Wa,--noexecstack
