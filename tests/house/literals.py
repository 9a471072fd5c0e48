"""What the site's files say in words of their own, past the catalogue: in templates, in Python and in scripts."""

import ast
import itertools
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from jinja2 import Environment, nodes

TRANSLATE = {"_", "_l", "_n", "gettext", "ngettext", "lazy_gettext"}
# What hands a sentence to a reader, whatever its sentence looks like.
SAYS = {"flash", "Refusal", "Forbidden", "Flood", "Overtaken", "ValidationError", "set_content", "send_mail"}
WORD = re.compile(r"[^\W\d_]{2,}")
# A capital and at least one more word in small letters: "Saved it", "Everything was stored properly."
SENTENCE = re.compile(r"[A-ZÇĞİÖŞÜ][\w'’]*,? [^\W\d_A-ZÇĞİÖŞÜ][\w'’]*\b|[A-ZÇĞİÖŞÜ][^\W\d_A-ZÇĞİÖŞÜ]{2,}(?:…|\.|!|\?|\.\.\.)")
READ_OUT = {"aria-label", "title", "placeholder", "alt", "aria-valuetext", "aria-description", "label"}
# The macros of ui/actions.html, and one of a page that hands its label on; and what Python calls the words of a button.
BUTTONS = {"button", "link_button", "post_button", "agreement_form"}
HEADINGS = {"page_header", "section", "card", "sheet", "fold"}
VERBS = {"add", "lead_deed", "verb"}
_MARK = re.compile(r"¤(\d+)¤")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"|\bdata-\w+(?=>)')
# How a date is to be written, as in "EEEE, d MMMM"; and SQL.
_FORM = re.compile(r"[ELMdyHm:, ]+|[A-Z]{3,} .*", re.DOTALL)
_JINJA = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"], autoescape=True)
# Comments, strings of the three kinds, and regular expressions, which may hold quotes.
_SCRIPT = re.compile(
    r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`"
    r"|(?<=[=(,:!&|?{};\n])\s*/(?![/*])(?:\\.|\[[^\]\n]*\]|[^/\\\n])+/[a-z]*",
    re.DOTALL,
)
_ELEMENTS = {"a", "button", "details", "div", "fieldset", "form", "input", "label", "li", "main", "ol", "option", "p", "select", "span", "summary"}
_ELEMENTS |= {"svg", "table", "td", "textarea", "th", "tr", "ul", "use", "video", "contenteditable"}


def is_sentence(text: str) -> bool:
    """Whether it reads like one: a capital and a further word, or a word that ends like a sentence."""
    return bool(SENTENCE.match(text)) and not _FORM.fullmatch(text) and '="' not in text


class _Text(HTMLParser):
    """The pieces of text a browser would show or read out."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._apart = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._apart += tag in {"script", "style"}
        self.pieces += [value for name, value in attrs if value and (name in READ_OUT or name.startswith("data-words"))]

    def handle_endtag(self, tag: str) -> None:
        self._apart -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self._apart:
            self.pieces.append(data)


def _texts(html: str) -> list[str]:
    reader = _Text()
    reader.feed(html)
    reader.close()
    return [piece.strip() for piece in reader.pieces if WORD.search(_ATTRIBUTE.sub(_read_out, piece))]


def _read_out(attribute: re.Match[str]) -> str:
    """A macro may write attributes beside no element: of those only what is read out counts."""
    return attribute[2] if attribute[1] in READ_OUT else " "


def in_template(source: str) -> list[str]:
    """What a template says that it did not get from the catalogue: its bare text and attributes, and the sentences within its expressions."""
    found: list[str] = []
    html: list[str] = []

    def look(node: nodes.Node) -> None:
        for one in node.iter_child_nodes():
            if isinstance(one, nodes.TemplateData):
                html.append(one.data)
            elif isinstance(one, nodes.Call) and isinstance(one.node, nodes.Name) and one.node.name in TRANSLATE:
                html.append("¤")
            elif isinstance(one, nodes.Const) and isinstance(one.value, str):
                html.append("¤")
                if is_sentence(one.value):
                    found.append(one.value)
            else:
                if isinstance(one, nodes.Expr):
                    html.append("¤")
                look(one)

    look(_JINJA.parse(source))
    # What an expression writes between < and > is the name of an element.
    return [*_texts(re.sub(r"(</?)¤+", r"\1x", "".join(html))), *found]


def in_python(source: str) -> Iterator[tuple[int, str]]:
    """Line and words of each sentence that does not go through the catalogue, and of whatever is handed to a reader without it."""
    tree = ast.parse(source)
    said = {one for call in ast.walk(tree) if isinstance(call, ast.Call) and _name(call) in SAYS for one in _leaves(_first(call))}
    # A form's own words: `field.errors = ["..."]`.
    lists = [one.value for one in ast.walk(tree) if isinstance(one, ast.Assign) and getattr(one.targets[0], "attr", "") == "errors"]
    said |= {leaf for one in lists if isinstance(one, ast.List) for part in one.elts for leaf in _leaves(part)}

    def look(node: ast.AST) -> Iterator[tuple[int, str]]:
        for one in ast.iter_child_nodes(node):
            if (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant)) or (isinstance(one, ast.Call) and _name(one) in TRANSLATE):
                continue
            if isinstance(one, ast.Constant) and isinstance(one.value, str) and (is_sentence(one.value) or (one in said and WORD.search(one.value))):
                yield one.lineno, one.value
            yield from look(one)

    return look(tree)


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _first(call: ast.Call) -> ast.expr | None:
    return call.args[0] if call.args else next((one.value for one in call.keywords if one.arg == "message"), None)


def _leaves(said: ast.expr | None) -> Iterator[ast.expr]:
    """The constants that a value may be made of."""
    match said:
        case ast.IfExp(body=one, orelse=other) | ast.BinOp(left=one, right=other):
            yield from (*_leaves(one), *_leaves(other))
        case ast.BoolOp(values=parts) | ast.JoinedStr(values=parts):
            yield from (leaf for part in parts for leaf in _leaves(part))
        case ast.Constant():
            yield said
        case _:
            pass


class _Pressed(HTMLParser):
    """The marks within what looks like a button, and what is read out of it."""

    def __init__(self) -> None:
        super().__init__()
        self.marks: list[str] = []
        self._within = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if not self._within and (tag == "button" or (tag in {"a", "label", "summary"} and "button" in (given.get("class") or "").split())):
            self._within = tag
            self.marks += _MARK.findall(given.get("aria-label") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._within:
            self._within = ""

    def handle_data(self, data: str) -> None:
        if self._within:
            self.marks += _MARK.findall(data)


def buttons_in_template(source: str) -> set[str]:
    """The messages a template writes on buttons, and on links that look like one: through a macro, as an `action`, or as an element of its own."""
    found: set[str] = set()
    said: list[str] = []
    html: list[str] = []

    def look(node: nodes.Node) -> None:
        for one in node.iter_child_nodes():
            if isinstance(one, nodes.TemplateData):
                html.append(one.data)
            elif isinstance(one, nodes.Call) and isinstance(one.node, nodes.Name) and one.node.name in TRANSLATE:
                html.append(f"¤{len(said)}¤")
                said.append(_message(one))
            else:
                if isinstance(one, nodes.Call) and isinstance(one.node, nodes.Name) and one.node.name in BUTTONS:
                    found.update(_messages([*one.args[:1], *(each.value for each in one.kwargs if each.key == "label")]))
                if isinstance(one, nodes.Keyword) and one.key == "action":
                    found.update(
                        _messages([each.items[0] for each in (one.value, *one.value.find_all(nodes.Tuple)) if isinstance(each, nodes.Tuple)])
                    )
                look(one)

    look(_JINJA.parse(source))
    pressed = _Pressed()
    pressed.feed(re.sub(r"(</?)¤\d+¤", r"\1x", "".join(html)))
    return found | {said[int(mark)] for mark in pressed.marks}


def headings_in_template(source: str) -> set[str]:
    """The messages a template writes as headings, and on folds, which are pressed to see what is in them."""
    calls = [one for one in _JINJA.parse(source).find_all(nodes.Call) if isinstance(one.node, nodes.Name) and one.node.name in HEADINGS]
    return _messages([each for one in calls for each in (*one.args[:1], *(named.value for named in one.kwargs if named.key in {"title", "summary"}))])


def _message(call: nodes.Call) -> str:
    return next(str(one.value) for one in call.args if isinstance(one, nodes.Const))


def _messages(labels: list[nodes.Expr]) -> set[str]:
    """What is said in them; not what a sentence is filled with."""
    found: set[str] = set()
    for one in labels:
        if isinstance(one, nodes.Call) and isinstance(one.node, nodes.Name) and one.node.name in TRANSLATE:
            found.add(_message(one))
        else:
            found |= _messages(list(one.iter_child_nodes()))  # type: ignore[arg-type]
    return found


def buttons_in_python(source: str) -> set[str]:
    """The messages that Python hands to a page for a button: a `verb`, an `add` or a `lead_deed`, and words beside the address they lead to."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        named = node.arg if isinstance(node, ast.keyword) else getattr(node.targets[0], "id", "") if isinstance(node, ast.Assign) else ""
        if isinstance(node, (ast.keyword, ast.Assign)) and named in VERBS:
            found |= _said(node.value)
        elif isinstance(node, (ast.Tuple, ast.Call)):
            parts = node.elts if isinstance(node, ast.Tuple) else node.args
            for one, other in itertools.pairwise(parts):
                found |= (_said(one) if _leads(other) else set()) | (_said(other) if _leads(one) else set())
    return found


def _leads(part: ast.expr) -> bool:
    return (isinstance(part, ast.Call) and _name(part) in {"address", "part_url", "url_for"}) or (isinstance(part, ast.Name) and part.id == "url")


def _said(part: ast.expr) -> set[str]:
    """The messages of a value that is one, whichever of them it comes to."""
    match part:
        case ast.IfExp(body=one, orelse=other):
            return _said(one) | _said(other)
        case ast.BoolOp(values=parts):
            return {each for one in parts for each in _said(one)}
        case ast.Call(args=[ast.Constant(value=str(words)), *_]) if _name(part) in TRANSLATE:
            return {words}
        case ast.Call(func=ast.Name(id="str"), args=[one]):
            return _said(one)
        case _:
            return set()


def in_script(source: str) -> list[str]:
    """What a script says in words of its own: two words beside each other, one with a capital, or anything that trails off."""
    found = []
    for token in _SCRIPT.finditer(source):
        text = token[0].strip()
        if text[0] in "\"'`":
            inner = re.sub(r"\$\{[^{}]*\}", "¤", text[1:-1])
            found += [piece for piece in (_texts(inner) if "<" in inner else [inner]) if _words(piece)]
    return found


def left_of_script(source: str) -> str:
    """The script without its comments, strings and expressions: whether they were told apart rightly."""
    return _SCRIPT.sub("", source)


def _words(text: str) -> bool:
    if re.search(r"[^\W\d_]{2,}\s*(?:…|\.\.\.)", text) or re.fullmatch(r"[A-ZÇĞİÖŞÜ][^\W\d_A-Z]+[.!?:]?", text.strip()):
        return True
    pairs = re.findall(r"(?<![\w.#\-\[=])([^\W\d_]{1,}),? ([^\W\d_]{2,})(?![\w\-\]=(])", text)
    return any(not {first.lower(), second.lower()} <= _ELEMENTS for first, second in pairs)
