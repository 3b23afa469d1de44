# ruff: noqa: E501  (the mails stand here as they are written)
import pytest

from peers.mails import QUOTED
from sori.channels.mail.quoting import new_words
from sori.channels.markup import text_of


@pytest.mark.parametrize("program", QUOTED)
def test_it_keeps_the_new_words_only(program):
    kept = new_words(QUOTED[program])

    assert kept.startswith("네, 기다릴게요.")
    assert "고객님" not in kept
    assert "help@shop.test" not in kept


@pytest.mark.parametrize("program", QUOTED)
def test_what_telephones_add_goes_too(program):
    assert new_words(QUOTED[program]) == "네, 기다릴게요."


@pytest.mark.parametrize("program", QUOTED)
def test_line_ends_make_no_difference(program):
    assert new_words(QUOTED[program].replace("\n", "\r\n")) == new_words(QUOTED[program])


def test_it_reads_html_answers():
    html = """<div>네, <b>기다릴게요</b>.</div><div class="gmail_quote"><div>2026년 11월 22일 (일) 오후 8:51,
    테스트샵 &lt;<a href="mailto:help@shop.test">help@shop.test</a>&gt;님이 작성:<br></div>
    <blockquote><div>고객님</div></blockquote></div>"""

    assert new_words(text_of(html, quotes=True)) == "네, 기다릴게요."


def test_it_keeps_answers_written_between_the_lines():
    text = (
        "2026년 11월 22일 (일) 오후 8:51, 샵 <help@shop.test>님이 작성:\n"
        "> 색상은요?\n파란색이요\n> 수량은요?\n두 개요\n"
    )

    assert new_words(text).split() == ["파란색이요", "두", "개요"]


def test_it_keeps_everything_where_nothing_would_be_left():
    text = "-----Original Message-----\nFrom: a\nTo: b\nSubject: c\n\n고객님"

    assert new_words(text) == text


@pytest.mark.parametrize("subject", ["Fwd: 영수증", "FW: 영수증", "전달: 영수증", "[전달] 영수증"])
def test_it_keeps_a_forwarded_mail(subject):
    text = "확인 부탁드려요\n\n보낸 사람: 가게\n보낸 날짜: 오늘\n받는 사람: 김\n제목: 영수증\n\n영수증입니다"

    assert "영수증입니다" in new_words(text, subject)


def test_it_keeps_a_forwarded_mail_by_its_mark():
    text = "확인 부탁\n\n---------- Forwarded message ---------\n보낸사람: 가게\n날짜: 오늘\n제목: 영수증\n\n본문"

    assert "본문" in new_words(text)


@pytest.mark.parametrize(
    "text",
    [
        "제목: 환불\n내용: 안 와요",
        "2026년 11월 22일에 주문했는데 아직입니다.",
        "On Monday I ordered. It never came.",
        "보낸 사람: 저예요\n주소가 바뀌었어요",
        "--\n김철수 드림",
        "1 > 0 이죠",
        "나의 iPhone에서 보냄",
        "서류는 다 됐고요\n네이버 메일로 보냈습니다",
        "어제 문의는\n제 갤럭시에서 보냈습니다",
        "사진은\n\n친구의 아이폰에서 제가 다시 보냈습니다.",
        "26. 11. 22. 제가 쓴 글:\n배송이 안 와요",
        "from: 서울\n택배가 안 와요",
    ],
)
def test_it_does_not_cut_what_is_no_quote(text):
    assert new_words(text) == text


@pytest.mark.parametrize(
    "flood",
    [
        "On " * 30000,
        "\n" * 100000,
        ">" * 100000,
        "> \n" * 30000,
        "보낸 사람: a\n" * 10000,
        "2026년 1월 1일 " * 8000,
        "2026년 1월 1일\n" * 8000,
        "On x\n" * 20000,
        "-" * 100000,
        "* _" * 30000,
    ],
    ids=lambda flood: repr(flood[:10]),
)
def test_it_does_not_choke(cpu_seconds, flood):
    assert cpu_seconds(lambda: new_words(flood + "\n끝")) < 2
