"""The alliance workbook: read, checked, loaded and written. See `loading` and `exporting`."""
