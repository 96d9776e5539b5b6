"""Did what a municipality did to work better give what it expected?"""
