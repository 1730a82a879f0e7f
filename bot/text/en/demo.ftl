demo-begin = DEMO · an invented market day, played fast. None of these prices is real.
demo-end = DEMO over · that was an invented day. For real prices: make run
