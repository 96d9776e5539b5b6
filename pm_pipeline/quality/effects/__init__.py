"""Before and after a day on which something changed: did the data, or what people do, become
otherwise?
"""
