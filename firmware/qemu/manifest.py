# Modules inside the firmware of an emulated board.
include("$(MPY_DIR)/extmod/asyncio")
freeze("modules")
