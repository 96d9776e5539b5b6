"""Lays out DOT graphs in a process of its own: JSON in on stdin, JSON out on stdout.

Run as a script, not imported: Graphviz (Eclipse Public License, in the pygraphviz wheel) stays
outside the process that holds the AGPL code, and a crash in its C code ends only this process.
"""

import json
import sys


def main() -> None:
    import pygraphviz

    drawings: dict[str, str] = json.load(sys.stdin)
    answer = {}
    for name, dot in drawings.items():
        graph = pygraphviz.AGraph(string=dot)
        answer[name] = {
            "svg": graph.draw(None, format="svg", prog="dot").decode(),
            "layout": json.loads(graph.draw(None, format="json0", prog="dot")),
        }
        graph.close()
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
