"""The minute of practice: an invented hour of prices, and the real core playing on it in memory."""
