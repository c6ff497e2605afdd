"""Fillable checklists that are read back."""
