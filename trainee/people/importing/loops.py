"""Loops in lines of any kind."""

from collections import defaultdict, deque
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)


def loops(edges: Mapping[Node, Sequence[Node]]) -> Iterator[list[Node]]:
    """Loops, each as its nodes in their order, until every node that stands in one was named at least once. Linear where there is none."""
    left = _circling(edges)
    named: set[Node] = set()
    for start in left:
        if start in named:
            continue
        loop = _shortest(start, left)
        named.update(loop)
        if loop:
            yield loop


def _circling(edges: Mapping[Node, Sequence[Node]]) -> dict[Node, list[Node]]:
    """What is left when whatever has nobody above, and then whatever has nobody below, is taken away again and again."""
    forward = {node: list(above) for node, above in edges.items() if above}
    for _twice in range(2):
        forward = _backward(_stripped(forward))
    return forward


def _stripped(forward: dict[Node, list[Node]]) -> dict[Node, list[Node]]:
    waiting = {node: len(above) for node, above in forward.items()}
    back = _backward(forward)
    ends = deque(node for node in back if node not in forward)
    while ends:
        gone = ends.popleft()
        for node in back.get(gone, ()):
            waiting[node] -= 1
            if waiting[node] == 0:
                ends.append(node)
    kept = {node for node, count in waiting.items() if count}
    return {node: [one for one in forward[node] if one in kept] for node in forward if node in kept}


def _backward(forward: Mapping[Node, Sequence[Node]]) -> dict[Node, list[Node]]:
    back: dict[Node, list[Node]] = defaultdict(list)
    for node, above in forward.items():
        for one in above:
            back[one].append(node)
    return dict(back)


def _shortest(start: Node, edges: Mapping[Node, Sequence[Node]]) -> list[Node]:
    """The shortest way from a node back to itself; empty where there is none."""
    came: dict[Node, Node] = {}
    queue = deque([start])
    while queue:
        node = queue.popleft()
        for above in edges.get(node, ()):
            if above == start:
                way = [node]
                while way[-1] != start:
                    way.append(came[way[-1]])
                return way[::-1]
            if above not in came:
                came[above] = node
                queue.append(above)
    return []
