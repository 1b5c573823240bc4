"""Any table of any page as a file of exactly that table: read from the page that shows it."""
