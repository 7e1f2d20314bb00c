"""Figures of the form that a comparison gives, for tests; whole numbers of nothing real."""

from typing import Any

TRAINING = {"seconds": 60.0, "processor_seconds": 90.0, "memory_mb": 800, "load": 0.5}


def side(factor: float) -> dict[str, Any]:
    load = {"requests": 100, "per_second": 10 * factor, "p50_ms": 20 / factor, "p99_ms": 0.5}
    load["accuracy"] = 0.5
    return {
        "quality": {
            "messages": 400,
            "accuracy": 0.5 + factor / 10,
            "macro_f1": 0.5,
            "long_messages": 100,
            "long_accuracy": 0.5,
            "long_macro_f1": 0.5,
            "calibration_error": factor / 10,
            "with_vector": 0.25,
        },
        "loads": dict.fromkeys(("1", "8", "32"), load),
        "memory_mb": 300,
        "cold_seconds": 3.0,
        "model_mb": 2.0,
        "training": TRAINING,
        "losses": [4.0, 2.0, 1.0] if factor == 1 else [],
    }


def measured() -> dict[str, Any]:
    answers = {"questions": 100, "hit@1": 0.5, "hit@3": 0.75, "p50_ms": 5.0, "p99_ms": 9.0}
    return {
        "machine": {
            "processor": "A <processor> & more",
            "cores": 2,
            "memory_gb": 8,
            "system": "Linux x86_64",
            "python": "3.11.1",
            "measured_on": "2026-01-02",
            "load_before": 0.25,
        },
        "rasa": "3.6.21",
        "epochs": 3,
        "selector_epochs": 100,
        "examples": 4600,
        "entries": 210,
        "phrasings": 1471,
        "intents": {"ours": side(4), "words": side(3), "rasa": side(1)},
        "answers": {
            "ours": answers,
            "words": answers,
            "rasa": {**answers, "hit@1": 0.25, "training": TRAINING},
        },
    }
