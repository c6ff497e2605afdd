"""What ozgdoc knows about PDF: fonts, line breaking, tagging, form fields, metadata (ISO 32000-1, 14289-1, 19005-2)."""
