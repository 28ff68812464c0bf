# The device package frozen into a firmware: it runs from flash and takes no heap (docs/firmware.md). In a manifest of
# your own, after the board's:
#
#     include("$(BOARD_DIR)/manifest.py")
#     include(".../firmware/manifest.py")
#
# with viper=False for a port whose mpy-cross makes no machine code, such as WebAssembly's.
import os

options.defaults(viper=True)

package(
    "smidgen",
    files=[
        name
        for name in sorted(os.listdir("lib/smidgen"))
        if name.endswith(".py") and (options.viper or not name.startswith("viper_"))
    ],
    base_path="lib",
)
