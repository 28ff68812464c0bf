"""`python -m smidgen.cli`: the command where its script is not on the path."""

from smidgen.cli import main

main()
