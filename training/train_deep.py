"""Teach the deep model: first with what public sets know, then with our labels.

`python training/train_deep.py side --data ../shared/data --work DIR`, then `main` with the same
folder; on a CPU half an hour and an hour. Needs the extra `deep-training`. Writes `DIR/deep.pt`;
`export_deep.py` makes of it what the package ships.
"""

import argparse
import time
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import torch
from corpus import is_held, lines_of, rows, text_of
from encoder import Encoder, keys_of, pretrained, prune, read_weights, table_of
from heads import HEADS
from slips import slipped
from tasks import SIDES, Lesson, labelled, own_lessons, side_lessons
from torch import nn

from sori.understand.letters import letters_of_texts
from sori.understand.pieces import PADDING, Pieces, cut, pieces

LAYERS = 8
PIECES = 22_000
DROPOUT = 0.1
TOKENS = 1_600
"""Pieces a step of training, padding included."""
RATES = {"encoder": 1.2e-4, "heads": 1e-3}
COUNTS = {"kind": 1.0, "sentiment": 1.0, "urgency": 0.8, "answer": 0.8, "abuse": 0.5,
          "irony": 1.0, "spam": 1.0} | dict.fromkeys(SIDES, 1.0)  # fmt: skip
"""How much a question counts; further kinds count a quarter."""
SAMPLE = ("ko_nsmc_sentiment", "ko_comments_unlabeled", "ko_petitions", "ko_3i4k_intent",
          "ko_pairs_same", "en_banking77", "en_clinc150")  # fmt: skip
"""Sets whose pieces are counted to choose those worth keeping."""
SHORT = torch.cpu._is_avx512_bf16_supported()
"""Whether this machine is faster in 16 bits; older ones are many times slower."""
started = time.monotonic()


def say(*words: object) -> None:
    print(f"{time.monotonic() - started:7.1f} s", *words, flush=True)


def cut_texts(known: Pieces, texts: list[str]) -> list[list[int]]:
    """The texts as the deep model reads them."""
    letters = letters_of_texts(pa.array(texts, pa.string()))
    return [ids.tolist() for ids in cut(letters, known)]


class Deep(nn.Module):
    """The encoder and a linear head a question."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = encoder
        self.drop = nn.Dropout(DROPOUT)
        sizes = {head.name: max(len(head.classes), 2) for head in HEADS} | SIDES
        self.heads = nn.ModuleDict({n: nn.Linear(encoder.width, size) for n, size in sizes.items()})
        for head in self.heads.values():
            nn.init.normal_(head.weight, std=0.02)
            nn.init.zeros_(head.bias)


class Batch:
    """Some lessons of nearly equal length as tensors."""

    def __init__(self, ids: list[list[int]], lessons: list[Lesson]) -> None:
        longest = max(map(len, ids))
        self.ids = torch.tensor([row + [PADDING] * (longest - len(row)) for row in ids])
        self.mask = (self.ids != PADDING).float()
        self.lessons = lessons

    def loss(self, model: Deep) -> torch.Tensor:
        """The mean over the lessons of what every known question costs."""
        with torch.autocast("cpu", torch.bfloat16, enabled=SHORT):
            hidden = model.encoder(self.ids, self.mask)
        hidden = model.drop(hidden.float())
        total = hidden.new_zeros(())
        for name, head in model.heads.items():
            total = (
                total + self._class_loss(name, head, hidden) + self._contrasts(name, head, hidden)
            )
        return total / len(self.lessons)

    def _class_loss(self, name: str, head: nn.Module, hidden: torch.Tensor) -> Any:
        known = [n for n, lesson in enumerate(self.lessons) if name in lesson.classes]
        if not known:
            return 0.0
        wanted = torch.tensor([self.lessons[n].classes[name] for n in known])
        weights = torch.tensor([self.lessons[n].weight for n in known])
        costs = nn.functional.cross_entropy(
            head(hidden[known]), wanted, reduction="none", label_smoothing=0.03
        )
        return COUNTS.get(name, 0.25) * (costs * weights).sum()

    def _contrasts(self, name: str, head: nn.Module, hidden: torch.Tensor) -> Any:
        total: Any = 0.0
        keys = {key for lesson in self.lessons for key in lesson.contrasts if key[0] == name}
        for key in sorted(keys):
            classes = next(h for h in HEADS if h.name == name).classes
            one, other = classes.index(key[1]), classes.index(key[2])
            known = [n for n, lesson in enumerate(self.lessons) if key in lesson.contrasts]
            wanted = torch.tensor([self.lessons[n].contrasts[key] for n in known])
            weights = torch.tensor([self.lessons[n].weight for n in known])
            scores = head(hidden[known])
            costs = nn.functional.binary_cross_entropy_with_logits(
                scores[:, one] - scores[:, other], wanted, reduction="none"
            )
            total = total + COUNTS.get(name, 0.25) * (costs * weights).sum()
        return total


def roughened(text: str, chance: Random) -> str:
    """The text as another person might have typed it: in haste, without spaces or its ending."""
    draw = chance.random()
    if draw < 0.08:
        return text.replace(" ", "")
    if draw < 0.14:
        return text.rstrip(" .!?~^;ㅠㅜㅋㅎ") or text
    if draw < 0.34:
        return slipped(text, chance)
    return text


def batches(known: Pieces, lessons: list[Lesson], chance: Random) -> list[Batch]:
    """All lessons in batches of equal length, in random order."""
    ids = cut_texts(known, [roughened(lesson.text, chance) for lesson in lessons])
    order = sorted(range(len(ids)), key=lambda n: len(ids[n]) + chance.random() * 4)
    found: list[list[int]] = [[]]
    for n in order:
        if found[-1] and len(ids[n]) * (len(found[-1]) + 1) > TOKENS:
            found.append([])
        found[-1].append(n)
    chance.shuffle(found)
    return [Batch([ids[n] for n in part], [lessons[n] for n in part]) for part in found]


def teach(model: Deep, steps: list[Batch], seconds: float, rate: float, kept: Path) -> None:
    """One pass over the batches, warming up and cooling down.

    Args:
        model: taught in place.
        steps: the batches, in order.
        seconds: when time runs short the rest is skipped and the rate cooled to it.
        rate: all rates are multiplied with it.
        kept: where the model is saved, now and then and at the end.
    """
    groups = [
        {"params": model.encoder.parameters(), "lr": RATES["encoder"] * rate},
        {"params": model.heads.parameters(), "lr": RATES["heads"] * rate},
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    highest = [group["lr"] for group in groups]
    begin, total = time.monotonic(), 0.0
    model.train()
    for number, batch in enumerate(steps):
        done = max((number + 1) / len(steps), (time.monotonic() - begin) / seconds)
        share = min(1.0, (number + 1) / (0.05 * len(steps))) * max(0.0, 1 - done)
        for group, high in zip(optimiser.param_groups, highest, strict=True):
            group["lr"] = high * share
        loss = batch.loss(model)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
        total += float(loss.detach())
        if number % 100 == 99:
            say(f"step {number + 1} of {len(steps)}, loss {total / 100:.3f}, {done:.0%}")
            total = 0.0
        if number % 300 == 299:
            torch.save(model.state_dict(), kept)
        if done >= 1:
            break
    torch.save(model.state_dict(), kept)


@torch.no_grad()
def scores_of(model: Deep, known: Pieces, texts: list[str]) -> dict[str, np.ndarray]:
    """What every head says about some texts, as scores."""
    model.eval()
    ids = cut_texts(known, texts)
    order = sorted(range(len(ids)), key=lambda n: len(ids[n]))
    found = {h.name: np.zeros((len(texts), max(len(h.classes), 2)), np.float32) for h in HEADS}
    for at in range(0, len(order), 64):
        part = order[at : at + 64]
        batch = Batch([ids[n] for n in part], [])
        with torch.autocast("cpu", torch.bfloat16, enabled=SHORT):
            hidden = model.encoder(batch.ids, batch.mask)
        for name, scores in found.items():
            scores[part] = model.heads[name](hidden.float()).numpy()
    return found


def report(model: Deep, known: Pieces, found: list[dict[str, Any]]) -> None:
    """Accuracy on the held part, by set and language."""
    held = [row for row in found if is_held(row["text"])]
    scores = scores_of(model, known, [row["text"] for row in held])
    for group in sorted({(row["set"], row["lang"]) for row in held}):
        line = f"{group[0]:24} {group[1]}"
        for head in HEADS:
            use = [
                n for n, r in enumerate(held) if (r["set"], r["lang"]) == group and head.knows(r)
            ]
            if use and not head.name.startswith("also_"):
                wanted = head.wanted([held[n] for n in use])
                right = (scores[head.name][use].argmax(1) == wanted).mean()
                line += f"  {head.name} {right:.3f} ({len(use)})"
        say(line)


def begin(data: Path, found: list[dict[str, Any]], work: Path) -> tuple[Deep, Pieces]:
    """The untaught model and its pieces, which are kept in the work folder."""
    texts = [row["text"] for row in found]
    for name in SAMPLE:
        texts += [text_of(row)[:2000] for row in rows(data, name)]
    carried = read_weights()
    kept = prune(carried, letters_of_texts(pa.array(texts)), PIECES)
    words, scores = [carried.pieces[n] for n in kept], carried.scores[kept]
    np.savez(work / "pieces.npz", keys=keys_of(words), scores=scores)
    return Deep(pretrained(carried, kept, LAYERS, DROPOUT)), table_of(words, scores)


def known_pieces(work: Path) -> Pieces:
    """The pieces chosen by `begin`."""
    found = np.load(work / "pieces.npz")
    return pieces(found["keys"], found["scores"])


def untaught(kept: int) -> Deep:
    """A model of this many pieces, with chance weights."""
    return Deep(Encoder(read_weights().sizes, kept, LAYERS, DROPOUT))


def resume(path: Path) -> Deep:
    """A model as it was saved."""
    state = torch.load(path)
    model = untaught(state["encoder.word.weight"].shape[0])
    model.load_state_dict(state)
    return model


def leaning(own: list[Lesson], newest: list[Path], chance: Random) -> list[Lesson]:
    """All lessons of some files, and as many of the others, drawn by lot."""
    texts = {row["text"] for path in newest for row in lines_of(path)}
    some = [lesson for lesson in own if lesson.text in texts]
    return some + chance.sample([one for one in own if one.text not in texts], len(some))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("stage", choices=["side", "main"])
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--work", type=Path, required=True)
    arguments.add_argument("--minutes", type=float, default=30)
    arguments.add_argument("--epochs", type=int, default=4)
    arguments.add_argument("--start", default="side.pt", help="a saved model")
    arguments.add_argument("--newest", nargs="+", type=Path, help="examples to lean on")
    options = arguments.parse_args()
    torch.manual_seed(1)
    chance = Random(1)
    options.work.mkdir(parents=True, exist_ok=True)
    found = labelled(options.data)
    own = own_lessons(found)
    known = {row["id"] for row in found if "id" in row}
    sides = side_lessons(options.data, known, chance)
    say(len(found), "labelled,", len(own), "of them taught,", len(sides), "lessons of other sets")
    if options.stage == "side":
        model, known_by = begin(options.data, found, options.work)
        steps, rate = batches(known_by, sides + own, chance), 1.0
    else:
        model, known_by, steps, rate = (
            resume(options.work / options.start),
            known_pieces(options.work),
            [],
            0.8,
        )
        if options.newest:
            own = leaning(own, options.newest, chance)
        for _ in range(options.epochs):
            steps += batches(known_by, own + chance.sample(sides, len(own) // 4), chance)
    say(len(steps), "steps")
    name = "side.pt" if options.stage == "side" else "deep.pt"
    teach(model, steps, options.minutes * 60, rate, options.work / name)
    report(model, known_by, found)


if __name__ == "__main__":
    main()
