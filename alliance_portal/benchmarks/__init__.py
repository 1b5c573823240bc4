"""How fast shares are brought up to date, as ratios to limits measured in the same run."""
