"""The pure, synchronous decision core: no await, clock, I/O, logging, randomness or text."""
