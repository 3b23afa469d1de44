# ruff: noqa: E501  (the mails stand here as their programs write them)
"""Mails to test with, written here: what Korean customers and hostile strangers send."""

import base64
from collections.abc import Iterator
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP

PLAIN = "안녕하세요. 배송이 늦어요. 주문 1234.\n감사합니다."
RARE = "안녕하세요. 똠방각하 주문 1234, 펲시 뷁.\n감사합니다."


def mail(body: str | bytes = PLAIN, **headers: str) -> bytes:
    """A plain mail; a header is left out by giving it as an empty string, `_` stands for `-`."""
    found = {
        "From": "kim@example.test",
        "To": "help@shop.test",
        "Subject": "=?utf-8?b?" + base64.b64encode("배송 문의".encode()).decode() + "?=",
        "Message-ID": "<m1@example.test>",
        "Date": "Sun, 22 Nov 2026 20:51:00 +0900",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in found.items() if value)
    raw = body if isinstance(body, bytes) else body.replace("\n", "\r\n").encode()
    return head.encode("utf-8", "surrogateescape") + b"\r\n" + raw


def korean(encoding: str, label: str, transfer: str, words: str) -> bytes:
    """A mail as an older Korean program writes it."""
    raw = words.replace("\n", "\r\n").encode(encoding)
    body = base64.encodebytes(raw) if transfer == "base64" else raw
    packed = base64.b64encode("똠방 문의".encode("cp949" if encoding != "utf-8" else encoding))
    subject = f"=?{label if encoding != 'iso2022_kr' else 'euc-kr'}?B?{packed.decode()}?="
    return mail(
        body,
        Subject=subject,
        Content_Type=f'text/plain; charset="{label}"',
        Content_Transfer_Encoding=transfer,
    )


def attached(name: str, content: bytes = b"%PDF-1.4 x", words: str = "첨부합니다") -> bytes:
    """A mail with one file of this name."""
    message = EmailMessage(policy=SMTP)
    message["From"] = "kim@example.test"
    message["To"] = "help@shop.test"
    message["Subject"] = "첨부"
    message["Message-ID"] = "<m2@example.test>"
    message.set_content(words)
    message.add_attachment(content, maintype="application", subtype="pdf", filename="@NAME@")
    return message.as_bytes().replace(b'filename="@NAME@"', b"filename=" + _parameter(name))


def _parameter(name: str) -> bytes:
    plain = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'.encode("utf-8", "surrogateescape").replace(b"\r", b"").replace(b"\n", b"")


def encoded_name(name: str, encoding: str) -> str:
    """A file name as Outlook and Naver write it: an encoded word inside quotes."""
    return Header(name, encoding, maxlinelen=10_000).encode()


def poison() -> Iterator[tuple[str, bytes]]:
    """Mails that must end in quarantine."""
    yield "nothing", b""
    yield "zeros", bytes(5000)
    deep = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n)
        for n in range(10_000)
    )
    yield "nested 10,000 deep", b"From: a@b.test\r\n" + deep + b"\r\nx"
    yield "a million headers", b"From: a@b.test\r\n" + b"X-A: b\r\n" * 1_000_000 + b"\r\nx"
    yield "one endless header", b"Subject: " + b"x" * 5_000_000 + b"\r\n\r\nx"
    yield "one line of 20 MB", mail(b"x" * 20_000_000)
    parts = b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n" * 20_000
    yield "20,000 parts", mail(parts, Content_Type='multipart/mixed; boundary="b"')


QUOTED = {
    "gmail": "네, 기다릴게요.\n\n2026년 11월 22일 (일) 오후 8:51, 테스트샵 <help@shop.test>님이 작성:\n\n"
    "> 고객님, 오늘 출고됩니다.\n>\n> 감사합니다.\n",
    "gmail, wrapped": "네, 기다릴게요.\n\n2026년 11월 22일 (일) 오후 8:51, 테스트샵 고객센터 아주 긴 이름\n"
    "<help@shop.test>님이 작성:\n\n> 고객님, 오늘 출고됩니다.\n",
    "gmail, older": "네, 기다릴게요.\n2026. 11. 22. 오후 8:51에 테스트샵님이 작성:\n> 고객님\n",
    "gmail, English": "네, 기다릴게요.\n\nOn Sun, Nov 22, 2026 at 8:51 PM Shop <help@shop.test>\nwrote:\n> hi\n",
    "naver": '네, 기다릴게요.\n\n-----Original Message-----\nFrom: "테스트샵"<help@shop.test>\n'
    "To: <kim@example.test>;\nCc:\nSent: 2026-11-22 (일) 20:51:00 (GMT+09:00)\nSubject: Re: 배송\n\n고객님\n",
    "naver, Korean": "네, 기다릴게요.\n\n-----원본 메시지-----\n보낸사람: 테스트샵\n받는사람: 김\n날짜: 오늘\n\n고객님\n",
    "daum": "네, 기다릴게요.\n\n--------- 원본 메일 ---------\n보낸사람: 테스트샵 <help@shop.test>\n"
    "받는사람 : kim@example.test\n날짜: 26.11.22 20:51 GMT +0900\n제목: Re: 배송\n\n고객님\n",
    "outlook": "네, 기다릴게요.\n\n________________________________\n보낸 사람: 테스트샵 <help@shop.test>\n"
    "보낸 날짜: 2026년 11월 22일 일요일 오후 8:51\n받는 사람: kim@example.test\n제목: Re: 배송\n\n고객님\n",
    "outlook, stars": "네, 기다릴게요.\n\n*보낸 사람:* 테스트샵\n*보낸 날짜:* 2026년 11월\n*받는 사람:* 김\n*제목:* Re\n\n고객님\n",
    "outlook, English": "네, 기다릴게요.\n\nFrom: Shop <help@shop.test>\nSent: Sunday, November 22, 2026 8:51 PM\n"
    "To: kim@example.test\nSubject: Re: 배송\n\n고객님\n",
    "iphone": "네, 기다릴게요.\n\n나의 iPhone에서 보냄\n\n2026. 11. 22. 오후 8:51, 테스트샵 <help@shop.test> 작성:\n\n> 고객님\n",
    "japanese": "네, 기다릴게요.\n\n2026年11月22日(日) 20:51 Shop <help@shop.test>:\n> 고객님\n",
    "iphone, signature alone": "네, 기다릴게요.\n\n나의 iPhone에서 보냄",
    "iphone, all marked": "네, 기다릴게요.\n\n나의 iPhone에서 보냄\n\n> 2026. 11. 22. 오후 8:51, 테스트샵 <help@shop.test> 작성:\n>\n> \ufeff고객님\n",
    "ipad": "네, 기다릴게요.\n\n나의 iPad에서 보냄\n",
    "galaxy": "네, 기다릴게요.\n\n나의 Galaxy에서 보냄\n",
    "galaxy, mail program": "네, 기다릴게요.\n\n내 Galaxy 스마트폰에서 보냈습니다.\n-------- 원본 이메일 --------\n발신: 테스트샵 <help@shop.test>\n날짜: 26/11/22 오후 8:51 (GMT+09:00)\n받은 사람: kim@example.test\n제목: Re: 배송\n\n고객님\n",
    "samsung": "네, 기다릴게요.\n\n삼성 휴대전화에서 보냄\n\n-------- 원본 메시지 --------\n보낸 사람: 테스트샵\n날짜: 오늘\n제목: x\n\n고객님",
    "naver, app": "네, 기다릴게요.\n\n네이버 메일 앱에서 보냈습니다.\n-----Original Message-----\nFrom: 테스트샵\n\n고객님",
    "naver, telephone": "네, 기다릴게요.\n\n모바일 네이버메일에서 보냄",
    "kakao": "네, 기다릴게요.\n\n--------- 원본 메일 ---------\n보낸사람 : 테스트샵 <help@shop.test>\n받는사람 : kim\n날짜 : 2026년 11월 22일 (일) 20:51:00\n제목 : Re\n\n고객님",
    "kakao, app": "네, 기다릴게요.\n\n---------- 원본 메일 ----------\n보낸이: 테스트샵\n\n고객님",
    "hanmail": "네, 기다릴게요.\n\n-----[ 원본 메시지 ]-----\n제 목: Re\n날 짜: x\n보낸이: 테스트샵\n받는이: kim\n\n고객님",
    "outlook, ios": "네, 기다릴게요.\n\niOS용 Outlook 다운로드\n________________________________\n보낸 사람: 테스트샵 <help@shop.test>\n보낸 날짜: Sunday\n받는 사람: kim\n제목: Re\n\n고객님",
    "outlook, android": "네, 기다릴게요.\n\nAndroid용 Outlook을 사용하여 보냄\n\n________________________________\nFrom: 테스트샵\nSent: x\nTo: y\nSubject: z\n\n고객님",
    "outlook, signature alone": "네, 기다릴게요.\n\nSent from Outlook for iOS<https://aka.ms/o0ukef>",
    "gmail, app": "네, 기다릴게요.\n\n2026년 11월 22일 (일) 20:51, 테스트샵 <help@shop.test>님이 작성:\n> 고객님",
    "gmail, unmarked": "네, 기다릴게요.\n\n2026년 11월 22일 (일) PM 8:51, 테스트샵 <help@shop.test>님이 작성:\n\n고객님",
    "windows mail": "네, 기다릴게요.\n\nWindows용 메일에서 보냄\n\n보낸 사람: 테스트샵\n보낸 날짜: 2026\n받는 사람: kim\n제목: Re\n\n고객님",
    "naver works": '네, 기다릴게요.\n\n-----Original Message-----\nFrom: "테스트샵"<help@shop.test>\nTo: kim\nCc:\nSent: 2026. 11. 22. (일) 20:51 (GMT+09:00)\nSubject: Re\n\n고객님',
    "iphone, English": "네, 기다릴게요.\n\nSent from my iPhone\n\n> On 22 Nov 2026, at 8:51 PM, Shop <help@shop.test> wrote:\n> \n> 고객님",
    "iphone, 24 hours": "네, 기다릴게요.\n\n2026. 11. 22. 20:51, 테스트샵 <help@shop.test> 작성:\n\n고객님",
    "yahoo": "네, 기다릴게요.\n\n2026년 11월 22일 일요일 오후 08:51:00 GMT+9, 테스트샵<help@shop.test>님이 작성: \n\n고객님",
    "thunderbird": "네, 기다릴게요.\n\n26. 11. 22. 20:51에 테스트샵 이(가) 쓴 글:\n> 고객님",
    "thunderbird, long year": "네, 기다릴게요.\n\n2026-11-22 오후 8:51에 테스트샵 이(가) 쓴 글:\n> 고객님",
    "a stroke alone": "네, 기다릴게요.\n\n---------- 원본 메시지 ----------\n고객님",
}
"""Answers as the programs quote; all of them say the same in their own words."""
