"""The pages of variances: what is off its plan or its last forecast, and what is said of it."""
