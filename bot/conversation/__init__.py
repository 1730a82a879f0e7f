"""What a dialogue remembers between two lines, free of any platform."""
