"""Settlement: who owes whom for a year, and what was proposed, agreed, disputed and paid."""
