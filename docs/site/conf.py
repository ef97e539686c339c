"""Sphinx's settings for the site of the lectures. Nothing is fetched: fonts are the reader's own,
mathematics is set by a copy of MathJax."""

project = "Neural networks from scratch"
author = "the authors of the course"
copyright = "the authors of the course. Code: BSD 3-Clause, text and figures: CC BY 4.0"
language = "en"

extensions = ["myst_nb", "sphinx-mathjax-offline"]
myst_enable_extensions = ["amsmath", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 4
myst_dmath_double_inline = True
nb_execution_mode = "off"
nb_merge_streams = True

html_theme = "furo"
html_title = "Neural networks<br>from scratch"
html_short_title = project
html_static_path = ["_static"]
html_css_files = ["course.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_theme_options = {
    "top_of_page_buttons": [],
    "light_css_variables": {
        "color-brand-primary": "#1d5a96",
        "color-brand-content": "#1d5a96",
        "color-background-primary": "#ffffff",
        "color-background-secondary": "#faf9f6",
    },
    "dark_css_variables": {
        "color-brand-primary": "#8cbdf0",
        "color-brand-content": "#8cbdf0",
        "color-background-primary": "#14171a",
        "color-background-secondary": "#1b1f24",
    },
}
pygments_style = "friendly"
pygments_dark_style = "github-dark"
