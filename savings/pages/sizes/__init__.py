"""Force sizes: what is on record, a release of new figures, and one entered by mistake withdrawn."""
