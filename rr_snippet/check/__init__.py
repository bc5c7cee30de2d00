"""Audit existing pages: report what is wrong with their calls to Retail Rocket, line by line.

Start with `checker`, which takes one page through all other modules. `kinds` decides by a file's name how to read it.
`template` removes the tags that a server would fill in, once for each way through the branches: `tags` finds them,
`php` reads PHP, `blocks` pairs the other tags, `choices` combines the branches. `containers` unpacks exports of Google
Tag Manager. `scripts` selects what a browser runs, and tree-sitter parses it (`javascript`) into a `program`. `events`
follows what a script does with the tracker, whose names are in `methods`, and `literal` reads arguments as `values`.

The rules: `reach` is about how calls are reached, `sequence` about calls together, `person` and `orders` about what
calls are given, `leaves` about single values, `escaping` about what templates print into them, `loader` about the
deferred card. `rulebook` and `data_rules` have the words of each `rule`. A `finding` is one broken rule. `ignored`
drops findings, `corrected` writes the block that should be there, `positions` and `excerpt` show the line.

For the command: `project` reads the settings, `files` finds the files, `run` checks them, `reports` and `sarif` print.
For the preview: `given` reads what a call sends, if that is all in the code. No finding holds a value found in a page.
"""

from rr_snippet.check.checker import CheckOptions, check_page
from rr_snippet.check.finding import Finding
from rr_snippet.check.rule import Severity

__all__ = ["CheckOptions", "Finding", "Severity", "check_page"]
