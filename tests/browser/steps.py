"""What a person does on the players' pages, with and without script."""

from playwright.sync_api import Locator, Page, expect

CALL = "late-washing-machine"
# Nothing on its way, nothing being loaded, nothing waiting on the device, and everything drawn.
AT_REST = """async () => {
  const waiting = () => Object.keys(localStorage).some((name) => name.startsWith("trainee.queue.") && localStorage[name] !== "[]");
  if (document.readyState !== "complete" || document.querySelector("[aria-busy=true]") || waiting()) return false;
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return true;
}"""


def rest(page: Page) -> None:
    """Wait until the page is at rest; what arrives late may move what one is about to press."""
    page.wait_for_function(AT_REST)


def press(page: Page, what: str) -> None:
    """Press what leads to another page, and wait until that page is there; what is read at once would be read on the page one leaves."""
    with page.expect_navigation():
        page.click(what)


def tick(box: Locator, ticked: bool = True) -> None:
    """Press a radio or checkbox as one does: on its words. The control itself is drawn by its label."""
    if box.is_checked() != ticked:
        box.locator("xpath=ancestor::label[1]").click()
    expect(box).to_be_checked(checked=ticked)


def fill(page: Page, within: str, fields: dict[str, list[str]]) -> None:
    """Fill a form as a person would."""
    for name, values in fields.items():
        for value in values:
            control = page.locator(f"{within} [name='{name}']").first
            if control.evaluate("one => one.type") in {"radio", "checkbox"}:
                tick(page.locator(f"{within} [name='{name}'][value='{value}']"))
            elif control.evaluate("one => one.tagName") != "SELECT":
                control.fill(value)
            elif control.is_visible():
                control.select_option(value)
            else:
                # The scripts show places as buttons; the list behind them is what is sent.
                control.evaluate("(one, value) => { one.value = value; one.dispatchEvent(new Event('change', {bubbles: true})); }", value)


def reply(page: Page, given: dict[str, list[str]]) -> str:
    """Fill in an answer to the scene that is open in a role-play; the button that sends it."""
    if "choice" in given:
        return f".replies button[name=choice][value='{given['choice']}']"
    if "text" in given:
        page.fill("textarea[name=text]", given["text"])
        return ".replies-typed .button-primary"
    if "confirmed" in given:
        for box in page.locator(".replies-check input[name=criteria]").all():
            tick(box, box.get_attribute("value") in given["confirmed"])
        return ".replies-check .button-primary"
    fill(page, ".replies", {"cues": given["cues"]})
    return ".replies .button-primary"
