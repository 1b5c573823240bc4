"""Ways of using a page: with a mouse, or with the keyboard alone."""

from playwright.sync_api import Locator, Page, expect

MOST_TABS = 400


class Mouse:
    """Clicks, and types where it clicked."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, target: Locator) -> None:
        """Use a link or a button."""
        target.click()

    def fill(self, target: Locator, text: str) -> None:
        """Type into a box."""
        target.fill(text)

    def choose(self, target: Locator, option: str) -> None:
        """Choose from a list by what it says."""
        target.select_option(label=option)

    def tick(self, target: Locator) -> None:
        """Choose one of several radios."""
        target.check()


class Keyboard(Mouse):
    """Never touches the mouse: Tab until it is there, then Enter, or type."""

    def reach(self, target: Locator) -> None:
        """Press Tab until the target has the focus, and see that it shows."""
        expect(target).to_be_visible()
        for _ in range(MOST_TABS):
            if target.evaluate("element => element === document.activeElement"):
                expect(target).to_be_in_viewport()
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{target} cannot be reached with the Tab key.")

    def press(self, target: Locator) -> None:
        self.reach(target)
        self.page.keyboard.press("Enter")

    def fill(self, target: Locator, text: str) -> None:
        self.reach(target)
        self.page.keyboard.type(text)

    def choose(self, target: Locator, option: str) -> None:
        self.reach(target)
        self.page.keyboard.type(option)

    def tick(self, target: Locator) -> None:
        """Tab goes to the group, arrows to the one."""
        expect(target).to_be_visible()
        group = f"[name='{target.get_attribute('name')}']"
        for key in ["Tab"] * MOST_TABS + ["ArrowDown"] * MOST_TABS:
            if target.evaluate("element => element === document.activeElement"):
                self.page.keyboard.press("Space")
                return
            is_there = self.page.locator(f"{group}:focus").count() > 0
            self.page.keyboard.press("ArrowDown" if is_there else key)
        raise AssertionError(f"{target} cannot be reached by keyboard.")
