"""Audits pages that exist: what is wrong with their calls to Retail Rocket, line by line.

To read it, begin with `checker`, which takes one page through all the others. `kinds` tells by a file's name how it is
read. `template` takes out what a server would fill in, once for each way through: `tags` finds the tags, `php` reads
PHP, `blocks` pairs the rest, `choices` combines them; `containers` unpacks Google Tag Manager's exports. `scripts`
picks what a browser runs and reads it with tree-sitter (`javascript`), each script a `program`; `events` follows what
it does with the tracker, whose names are in `methods`, and `literal` reads arguments as `values`.

The rules: `reach`, how calls are reached, `sequence`, how they go together, `person` and `orders`, what they are
given, `leaves`, single values, `escaping`, what templates print into them, `loader`, the deferred card. `rulebook` has
their words (`data_rules` those about what is given, each a `rule`), `explain` their documentation; a `finding` is one
of them broken, `ignored` tells which to pass over, `corrected` is the block there should be, `positions` and `excerpt`
show the line.

For the command: `project` has the settings, `files` finds what there is to read, `run` reads it, `reports` and `sarif`
print. No finding holds a value found in a page.
"""

from rr_snippet.check.checker import CheckOptions, check_page
from rr_snippet.check.finding import Finding
from rr_snippet.check.rule import Severity

__all__ = ["CheckOptions", "Finding", "Severity", "check_page"]
