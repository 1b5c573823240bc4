"""The pages of financial years: what each is, what closes it, and what is posted of it afterwards."""
