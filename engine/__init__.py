"""Knows trading; knows neither chat nor tables."""
