"""A trained model, loaded from Rasa's archive and asked one text at a time."""

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlu import encoder
from nlu.serving import rasa_lite

rasa_lite.install()

from rasa.engine.graph import ExecutionContext, GraphSchema  # noqa: E402
from rasa.engine.storage.local_model_storage import LocalModelStorage  # noqa: E402

from nlu.serving.graph import Runner  # noqa: E402

# Turns "/intent{…}" typed by anybody into that intent, and needs TensorFlow.
_INJECTOR = "run_RegexMessageHandler"


class ModelError(Exception):
    """The file is no model that this server can load."""


@dataclass(frozen=True, slots=True)
class Model:
    """Rasa's predict graph and the node whose message is the answer."""

    name: str
    model_id: str
    runner: Runner
    target: str

    def parse(self, text: str, *, hurried: bool = False) -> dict[str, Any]:
        """Return intent, topic, their rankings and the entities of *text*."""
        encoder.hurried.set(hurried)
        message = rasa_lite.UserMessage(text.strip())
        inputs = {"__message__": [message], "__tracker__": None}
        answer = self.runner.run(inputs=inputs, targets=[self.target])[self.target][0]
        return {"entities": [], **answer.as_dict(only_output_properties=True)}


def load(path: Path) -> Model:
    """
    Return the model of the archive at *path*, warmed up.

    Raises:
        ModelError: it is missing, broken or not of this pipeline.
    """
    try:
        with tempfile.TemporaryDirectory() as folder:
            model = _read(path, Path(folder))
            model.parse("预热")
    except Exception as error:
        msg = f"cannot load {path}: {type(error).__name__}: {error}"
        raise ModelError(msg) from error
    return model


def _read(path: Path, folder: Path) -> Model:
    LocalModelStorage._extract_archive_to_directory(path, folder)  # noqa: SLF001
    metadata = json.loads((folder / "metadata.json").read_text("utf-8"))
    nodes, target = metadata["predict_schema"]["nodes"], metadata["nlu_target"]
    if target == _INJECTOR:
        target = nodes.pop(_INJECTOR)["needs"]["messages"]
    ours = {name: node for name, node in nodes.items() if not node["uses"].startswith("rasa.core")}
    schema = GraphSchema.from_dict({"nodes": ours})
    context = ExecutionContext(graph_schema=schema, model_id=metadata["model_id"])
    storage = LocalModelStorage(folder / "components")
    runner = Runner(schema, storage, context)
    return Model(path.name, context.model_id, runner, target)
