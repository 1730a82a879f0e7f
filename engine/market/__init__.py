"""The price feed: venue messages in, every aggregate trade once and in order out."""
