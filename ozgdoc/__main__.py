"""``python -m ozgdoc`` is the command line."""

from ozgdoc.cli import main

main(prog_name="ozgdoc")
