"""One file per format: ``write(document, theme) -> bytes`` or ``write(portfolio) -> bytes``."""
