"""Markdown: what comes out is safe, and a wide table can be scrolled by everybody."""

from trainee.kit.markdown import render

TABLE = "| When | What *to* say |\n| --- | --- |\n| late | 5 < 6 |\n"


def test_a_table_scrolls_in_a_region_that_the_keyboard_reaches_and_that_is_called_by_its_columns():
    assert render(TABLE).startswith('<div class="scroller" role="group" aria-label="When, What to say" tabindex="0"><table>')
    assert render(TABLE).rstrip().endswith("</table></div>")


def test_what_stands_in_a_heading_cannot_leave_the_name():
    assert 'aria-label="5 &quot;x&quot; &lt;b&gt;, B"' in render('| 5 "x" <b> | B |\n| --- | --- |\n| a | b |\n')


def test_a_table_of_four_columns_names_the_column_in_each_cell_but_the_first_so_that_a_phone_shows_it_row_by_row():
    shown = render("| Why | Sign | To *whom* | A & B |\n|---|---|---|---|\n| **Safety** | smell of smoke | duty | now |\n")
    assert '<div class="scroller row-by-row" role="group"' in shown
    assert '<td><strong>Safety</strong></td>\n<td data-label="Sign">smell of smoke</td>' in shown
    assert '<td data-label="To whom">duty</td>\n<td data-label="A &amp; B">now</td>' in shown
    assert "data-label" not in render(TABLE)
    assert render("| Line | A | B | C |\n|---|---|---|---|\n| 1 | 2 | 3,5 | +0,25 |\n").startswith('<div class="scroller figures" role="group"')


def test_a_table_without_headings_is_no_region():
    assert render("|  |  |\n| --- | --- |\n| a | b |\n").startswith('<div class="scroller" tabindex="0"><table>')
