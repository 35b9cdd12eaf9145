"""How `make docs` builds the documents and the reference of the package; any warning is an error."""

from pygments.lexers.special import TextLexer
from sphinx.highlighting import lexers

lexers["csv"] = TextLexer()

project = "work-safety-analysis"
language = "en"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "sphinx.ext.napoleon"]
root_doc = "docs/index"
include_patterns = ["*.md", "docs/**", "data/README.md", "benchmarks/*.md"]
exclude_patterns = ["docs/_build", "docs/images"]
myst_heading_anchors = 3
autosummary_ignore_module_all = False
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_default_options = {"members": True, "show-inheritance": False}
html_theme = "alabaster"
html_show_copyright = False
suppress_warnings = ["ref.python"]  # two rooms may have a class of one name: annotations lead to either
