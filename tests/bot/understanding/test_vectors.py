"""The NLU's vectors, as the client reads them from a real server."""

import pytest

from bot.contracts import Intent
from bot.errors import NluUnavailableError
from tests.bot.understanding.a_server import GOOD, VECTORS, a_server, a_vector, says
from tests.bot.understanding.conftest import Clients
from tests.conftest import NOW


def test_texts_become_vectors_that_name_their_encoder(a_client: Clients) -> None:
    with a_server(says(VECTORS)) as server:
        vectors = a_client(server.url).embed(["老闆欠薪", "你好"], kind="query", within_ms=2000)

    assert server.paths == ["/embed?token=s3cret%26token"]
    assert server.asked == [{"texts": ["老板欠薪", "你好"], "kind": "query"}]
    assert [vector.model for vector in vectors] == ["an encoder"] * 2
    assert [len(vector.data) for vector in vectors] == [768] * 2


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        [],
        {**VECTORS, "model": ""},
        {**VECTORS, "model": None},
        {**VECTORS, "vectors": VECTORS["vectors"][:1]},
        {**VECTORS, "vectors": [*VECTORS["vectors"][:1], "AAAA"]},
        {**VECTORS, "vectors": [*VECTORS["vectors"][:1], a_vector(0.0)]},
        {**VECTORS, "vectors": [*VECTORS["vectors"][:1], a_vector(float("nan"))]},
        {**VECTORS, "vectors": [*VECTORS["vectors"][:1], a_vector(float("inf"))]},
        {**VECTORS, "vectors": ["!" + VECTORS["vectors"][0], VECTORS["vectors"][1]]},
        {**VECTORS, "vectors": [1, 2]},
    ],
)
def test_bad_vectors_are_none(a_client: Clients, wrong: object) -> None:
    with a_server(says(wrong)) as server, pytest.raises(NluUnavailableError):
        a_client(server.url).embed(["甲", "乙"], kind="passage", within_ms=2000)


def test_a_server_without_an_encoder_still_reads_messages(a_client: Clients) -> None:
    with a_server(says({}, status=501)) as server:
        client = a_client(server.url)
        for _ in range(4):
            with pytest.raises(NluUnavailableError, match="501"):
                client.embed(["你好"], kind="query", within_ms=2000)
        server.answer = says(GOOD)

        assert client.understand("你好", now=NOW).intent is Intent.DISPUTE
