"""Speed and memory beside the best alternative, in the same run. `make bench` runs them all."""
