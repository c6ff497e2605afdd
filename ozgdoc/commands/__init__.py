"""The commands of the command line, thin over `ozgdoc.api`; `ozgdoc.cli` gathers them."""
