"""What a page of ours does wrong in a browser."""

from playwright.sync_api import ConsoleMessage, Page

NONE_OF_OURS = (
    "422",  # a form that was refused is no fault of the page
    # a question that a newer one took the place of; what failed says htmx:sendError as well
    "htmx:afterRequest",
    "htmx:sendAbort",
)


def note_faults(page: Page, faults: list[str]) -> None:
    """Write down every error of its scripts and of its console, as they happen."""

    def hear(said: ConsoleMessage) -> None:
        if said.type == "error" and not any(words in said.text for words in NONE_OF_OURS):
            faults.append(said.text)

    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", hear)
