"""Pictures: a trade's chart and its card, drawn pixel by pixel in a process of their own.

Nothing here but `studio` belongs into the main process: the others load what is large and slow.
"""
