"""How fast shares and pages are, as ratios to limits measured in the same run."""
