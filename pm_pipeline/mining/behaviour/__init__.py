"""What a model allows next, of a tree and of a net; whether it can always be finished."""
