"""A process tree from its text, as ``str(tree)`` writes it."""

import ast
import re

from pm_pipeline.mining.notation.tree import Operator, Tree

_TOKEN = re.compile(r"""\s*('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\w+|[(),;<])""")


def read_tree_text(text: str) -> Tree:
    """The tree that ``text`` stands for.

    Raises:
        ValueError: it is not the text of a process tree.
    """
    tokens = _TOKEN.findall(text)
    if "".join(tokens) != re.sub(r"\s+(?=(?:[^'\"]|'[^']*'|\"[^\"]*\")*$)", "", text):
        raise ValueError("not the text of a process tree")
    tree, end = _node(tokens, 0)
    if end != len(tokens):
        raise ValueError("not the text of a process tree: something stands after its end")
    return tree


def _node(tokens: list[str], at: int) -> tuple[Tree, int]:
    token = tokens[at]
    if token[0] in "'\"":
        return Tree(ast.literal_eval(token)), at + 1
    if token == "tau":
        return Tree(), at + 1
    operator, at = Operator(token), at + 2
    children: list[Tree] = []
    pairs: list[tuple[int, int]] = []
    while True:
        child, at = _node(tokens, at)
        children.append(child)
        if tokens[at] != ",":
            break
        at += 1
    while tokens[at] == ";":
        pairs.append((int(tokens[at + 1]) - 1, int(tokens[at + 3]) - 1))
        at += 4
    return Tree(operator=operator, children=tuple(children), order=tuple(pairs)), at + 1
