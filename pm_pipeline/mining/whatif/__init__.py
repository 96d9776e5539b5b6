"""What if people were due a talk more often, or more talks could be held?"""
