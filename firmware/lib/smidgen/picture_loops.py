"""The inner loops of the image front end, chosen as loops.py chooses the engine's."""

from .loops import MACHINE_CODE

if MACHINE_CODE:
    from .viper_picture import add_row, finish_row
else:
    from .plain_picture import add_row, finish_row

__all__ = ("add_row", "finish_row")
