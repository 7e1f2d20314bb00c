"""Rasa's predict graph, run in an order that is worked out once."""

from collections.abc import Mapping, Sequence
from graphlib import TopologicalSorter
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphNode, GraphSchema
from rasa.engine.storage.storage import ModelStorage


class Runner:
    """
    Runs Rasa's nodes one after the other.

    Rasa's own runner builds a graph of tasks for every text anew, writes all of it into a
    debug message and hands it to dask, which costs more than the pipeline.
    """

    def __init__(
        self, schema: GraphSchema, storage: ModelStorage, context: ExecutionContext
    ) -> None:
        """Load every node of *schema* from *storage*."""
        self._needs = {name: tuple(node.needs.values()) for name, node in schema.nodes.items()}
        self._nodes = {
            name: GraphNode.from_schema_node(name, schema.nodes[name], storage, context)
            for name in TopologicalSorter(self._needs).static_order()
            if name in schema.nodes
        }

    def run(self, inputs: Mapping[str, Any], targets: Sequence[str]) -> dict[str, Any]:
        """Return what each of the *targets* makes of the *inputs*."""
        done: dict[str, tuple[str, Any]] = {name: (name, it) for name, it in inputs.items()}
        for name, node in self._nodes.items():
            done[name] = node(*(done[need] for need in self._needs[name]))
        return {name: done[name][1] for name in targets}
