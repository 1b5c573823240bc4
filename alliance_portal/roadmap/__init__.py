"""The roadmap: every area's stages and go-live on a time axis, and the same as a table."""
