"""The steps. A step that was released never changes."""
