# Placed by `smidgen deploy`: runs the main.py of what it deployed last. To change the program:
#
#     smidgen deploy MODEL --program FILE

from smidgen import start

start()
