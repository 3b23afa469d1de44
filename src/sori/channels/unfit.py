"""What is wrong with a setting, in words that can be said in the reader's language."""


class Unfit(ValueError):
    """A setting that cannot be; what somebody typed stands apart from the words about it.

    Attributes:
        words: the words, with `%(name)s` where a value goes.
        values: the values by their names.
    """

    def __init__(self, words: str, **values: str) -> None:
        super().__init__(words % values)
        self.words, self.values = words, values
