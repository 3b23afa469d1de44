"""Find phrases of one to three words that are typical for some texts against the rest.

A Korean noun carries its particle ("환불이", "환불을"), so the particle is cut: "을" and its like
always, those that nouns may end in where the stem is also met bare or with another particle, so that
"고양이" keeps its last syllable. All words of a
phrase can stand in a name: no fillers, no verb forms, and no particle but "의" before the last.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from math import log, sqrt
from typing import Final

WORDS: Final = 3
_LONGEST: Final = 600
_WORD: Final = re.compile(r"[0-9a-z가-힣][0-9a-z가-힣']*|[^\W\d_]+|[^\w\s]|\n")
_PARTICLE: Final = re.compile(
    r"(?<=[가-힣]{2}|[a-z0-9]{2})(?:에서는|에서도|으로는|까지는|이라고|이라는|에서|에게|한테|까지|부터|으로|이나|라고"
    r"|라는|들이|들은|들을|들|은|는|이|가|을|를|에|의|도|만|로|와|과|랑)$"
)
# a word that ends so is a verb or an adjective, nearly always
_VERB: Final = re.compile(
    r"(?:[요다까죠네고서면게지니데던든려며해돼함됨음임라자냐줘봐둬어아여할될한된은는을신없있같싶]|도록|하여|[해어아여라]도|[하되]여)$"
)
_JAMO: Final = re.compile(r"[ㄱ-ㅣ]")
_NOUNS: Final = frozenset(
    "광고 신고 사고 창고 재고 경고 충고 보고 주소지 편지 공지 유지 해지 정지 금지 폐지 도서 문서 부서 서비스 하면 화면 "
    "라면 전면 반면 가게 무게 핸드폰 어머니 데이트 업데이트 도움 마음 처음 다음 소음 얼음 게임 책임 모임 보험 위험 시험 "
    "오늘 가을 마을 은행 요금 필요 중요 주요 아이 나이 차이 결제 문제 이자 투자 배송지 이미지 메시지 페이지 먹거리 에너지 "
    "바다 사이다 판다 아버지 할머니 견적서 계약서 청구서 증명서 순서 질서 센서 바다 사이다 여신 자신 당신 통신 배신 확신 송신 수신 대신 언어 단어 영어 국어 용어 제한 권한 기한 회원 지원 직원 병원 "
    "상담원 학원 공원 민원 청원 해외 국가 휴가 평가 물가 추가 무료 의료 자료 완료 재료 사자 환자 기자 문자 숫자 과자 노동자 "
    "소비자 사용자 이용자 가입자 담당자 피해자 운전자 보호자 범죄자 고객 날씨 라디오 카메라 나라 우리나라".split()
)
_FILLERS: Final = frozenset(
    "그리고 그런데 하지만 그래서 그러나 그냥 너무 너무너무 정말 진짜 제가 저는 저희 우리 나는 내가 이거 그거 이게 그게 이건 "
    "그건 이런 그런 저런 이렇게 그렇게 어떻게 있는 없는 하는 되는 같은 많은 모든 다른 대한 위한 위해 통해 대해 관련 것 수 등 "
    "거 게 걸 때 좀 더 잘 안 못 왜 뭐 및 또 또는 다 꼭 제 내 이 그 저 한 두 바로 지금 계속 자꾸 매번 아직 이제 다시 많이 "
    "정도 경우 부분 때문 때문에 때마다 동안 이번 해주세요 주세요 합니다 입니다 있습니다 없습니다 부탁드립니다 부탁 감사합니다 안녕하세요 "
    "여기 거기 저기 어디 언제 누구 무엇 무슨 어떤 얼마나 근데 아니 혹시 만약 대체 도대체 여전히 갑자기 확인 좋겠어요 역시 "
    "the a an and or for you your with this that but was are have has not its it's it is i i'm i've my me we our "
    "from they them their when just will can what all out to of in on at be been do does did so if as by there "
    "how why would could should please am were had get got very really too no yes more than then also".split()
)


_SURELY: Final = re.compile(r"(?:에서|에서는|에서도|에게|한테|까지|까지는|부터|으로|으로는|을|를)$")


class Words:
    """Reads texts as words without particles; learns from all of them what a particle is."""

    def __init__(self, texts: Iterable[str]) -> None:
        endings: dict[str, set[str]] = defaultdict(set)
        for text in texts:
            for word in set(_split(text)):
                endings[word].add("")
                stem = _PARTICLE.sub("", word)
                if stem != word:
                    endings[stem].add(word[len(stem) :])
        self._stems = {stem for stem, found in endings.items() if len(found) > 1}

    def phrases(self, text: str) -> set[str]:
        """All phrases of one to WORDS words in a text that could be a name."""
        found: set[str] = set()
        run: list[str] = []
        for word in [*_split(text), "."]:
            if word[0].isalnum():
                run.append(word)
            else:
                found |= self._of(run)
                run = []
        return found

    def words(self, text: str) -> set[str]:
        """The words of a text, verbs too, without particles and fillers."""
        found = {self._bare(word) for word in _split(text) if word[0].isalnum()}
        return {
            word
            for word in found - _FILLERS
            if len(word) > 1 and not word.isdigit() and not _JAMO.search(word)
        }

    def _of(self, run: Sequence[str]) -> set[str]:
        found = set()
        bare = [self._bare(word) for word in run]
        for first in range(len(run)):
            for last in range(first, min(len(run), first + WORDS)):
                if not _is_name(run[last], bare[last]):
                    break
                found.add(" ".join([*run[first:last], bare[last]]))
                if run[last] not in (bare[last], bare[last] + "의"):
                    break
        return found

    def _bare(self, word: str) -> str:
        stem = _PARTICLE.sub("", word)
        sure = stem in self._stems or _SURELY.search(word) or _is_subject(word, stem)
        return stem if sure else word


def telling(
    counts: Counter[str], inside: int, every: Counter[str], total: int, most: int = 3
) -> list[str]:
    """The phrases that tell some texts from the rest, best first.

    The score is the log-odds ratio of a text holding the phrase, times the root of how many do: how
    surely it tells counts as much as how many it speaks for. A longer phrase is the better name
    where nearly all that say the shorter one say the longer one.

    Args:
        counts: in how many of these texts each phrase occurs.
        inside: how many these texts are.
        every: in how many of all texts it occurs.
        total: how many all texts are.
        most: so many phrases at most.
    """
    least = max(2, round(min(0.15 * inside, sqrt(inside) * 1.5)))
    scored = [
        (_score(count, inside, every[phrase], total) * sqrt(1 + phrase.count(" ")), phrase)
        for phrase, count in counts.items()
        if count >= least
    ]
    return _apart([phrase for score, phrase in sorted(scored, reverse=True) if score > 1.0], most)


def _score(here: int, inside: int, every: int, total: int) -> float:
    there, outside = every - here, total - inside
    odds = log((here + 0.5) / (inside - here + 0.5))
    odds -= log((there + 0.5) / (outside - there + 0.5))
    return odds * sqrt(here)


def _apart(ranked: list[str], most: int) -> list[str]:
    """The best ones, none of which shares a word with a better one."""
    chosen: list[str] = []
    used: set[str] = set()
    for phrase in ranked:
        words = phrase.split()
        if not any(word[:2] == other[:2] for word in words for other in used):
            chosen.append(phrase)
            used.update(words)
        if len(chosen) == most:
            break
    return chosen


def _split(text: str) -> list[str]:
    return _WORD.findall(text[:_LONGEST].lower())


def _is_subject(word: str, stem: str) -> bool:
    """Whether a longer word ends in the particle of a subject: 이 after a consonant, 가 after none."""
    if len(stem) < 3 or not "가" <= stem[-1] <= "힣":
        return False
    closed = (ord(stem[-1]) - ord("가")) % 28 > 0
    return word[len(stem) :] == ("이" if closed else "가")


def _is_verb(word: str, bare: str) -> bool:
    return bare == word and bare not in _NOUNS and bool(_VERB.search(word))


def _is_name(word: str, bare: str) -> bool:
    if len(bare) < 2 or bare.isdigit() or _JAMO.search(bare):
        return False
    return bare not in _FILLERS and not _is_verb(word, bare)
