"""Documents on paper."""

import io

from PIL import Image
from pypdf import PdfReader

from bot.paper import Block, Line, Picture, Rows, document_pdf


def test_a_document_has_its_words_its_table_and_page_numbers() -> None:
    rows = [[f"10:{minute:02d}", "老板跑了，工钱没给 <b>&"] for minute in range(60)]
    blocks: list[Block] = [
        Line("工单 2603-0001", "title"),
        Line("第一行\n第二行"),
        Rows(["时间", "话"], rows, [30, 140]),
    ]

    reader = PdfReader(io.BytesIO(document_pdf("工单", blocks, foot="云桥 2603-0001")))
    texts = [page.extract_text() for page in reader.pages]

    assert len(texts) > 1
    assert reader.metadata is not None
    assert reader.metadata.title == "工单"
    assert "第一行\n第二行" in texts[0]
    assert sum(text.count("老板跑了，工钱没给 <b>&") for text in texts) == 60
    for number, text in enumerate(texts, start=1):
        assert f"第{number}页" in text
        assert "云桥 2603-0001" in text
        assert "时间" in text


def test_a_picture_is_made_to_fit() -> None:
    out = io.BytesIO()
    Image.new("RGB", (4000, 1000), "red").save(out, "PNG")

    reader = PdfReader(io.BytesIO(document_pdf("图", [Picture(out.getvalue())])))

    assert len(reader.pages) == 1
    assert len(reader.pages[0].images) == 1
