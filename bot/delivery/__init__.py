"""From stored notices to people: each told at least once, in order, in their own words."""
