"""The dashboard's charts: what each one shows, worked out before anything is drawn."""
