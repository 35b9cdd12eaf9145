"""Sections of a public page: one that has nothing left is named, one that has something stays."""

from markupsafe import Markup

from analysis.report import sections
from analysis.report.markup import fragment

HEADING = Markup('<h{0} id="{1}">{1} <a class="permalink" href="#{1}">#</a></h{0}>')


def heading(title: str, level: int = 3) -> Markup:
    return HEADING.format(level, title)


def test_only_sections_in_which_everything_is_withheld_are_left_out() -> None:
    """Their titles stand in one sentence at the end of their chapter; nothing shown is lost."""
    withheld = fragment("withheld", count=2)
    page = [
        heading("依据", 2) + heading("分部门"),
        withheld,
        heading("分行业"),
        Markup("<p>表</p>") + withheld,
        heading("展望"),
        withheld,
        heading("方法", 2) + Markup("<p>文</p>"),
    ]
    html = str(sections.without_empty(page))
    assert 'id="分部门"' not in html
    assert 'id="展望"' not in html
    assert html.index('id="分行业"') < html.index("<p>表</p>") < html.index("分部门、展望")
    assert html.index("分部门、展望") < html.index('id="方法"') < html.index("<p>文</p>")
