# Placed by `smidgen deploy`: runs the main.py of what it deployed last. To change the program:
#
#     smidgen deploy MODEL --program FILE

try:
    from smidgen import start
except (ImportError, AttributeError):

    def start():
        print("smidgen was replaced by another installation; run `smidgen deploy` again")


start()
