"""The pages of one area that show its money too."""
