"""Pictures of how work flows: what a map shows, how it looks, and Graphviz in a process of its own."""
