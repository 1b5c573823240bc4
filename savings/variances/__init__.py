"""Where costs and savings are off their plan or their last forecast, and what is said of it."""
