"""Reads for views: plain frozen records, each looked up by its owner. It changes nothing."""
