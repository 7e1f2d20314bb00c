"""Hands Rasa the examples in a second; its own reader of YAML needs half a minute, twice."""

from pathlib import Path
from typing import Any

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.training.examples import read_examples, training_data


class ExampleImporter(RasaFileImporter):
    """Rasa's importer of files, but for the examples."""

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
        **kwargs: Any,  # noqa: ANN401  (the signature is Rasa's)
    ) -> None:
        super().__init__(config_file, domain_path, training_data_paths, **kwargs)
        paths = training_data_paths or []
        self._folders = [Path(path) for path in ([paths] if isinstance(paths, str) else paths)]

    def get_nlu_data(self, language: str | None = "zh") -> TrainingData:
        """Return the examples of the folders asked for."""
        del language
        found = [read_examples(folder) for folder in self._folders if folder.is_dir()]
        return training_data([example for folder in found for example in folder])
