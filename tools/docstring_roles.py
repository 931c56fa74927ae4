"""Roles of docstrings (``:meth:`save```) as Markdown code: in the generated pages, and in the site's reference."""

from __future__ import annotations

import re
from typing import Any

import griffe

ROLE = re.compile(r":\w+:`(~?)([\w.]+)`|``([^`]+)``")


def as_code(text: str) -> str:
    """Markdown code in place of roles and double backticks; of a name after a tilde only the last part."""

    def code(found: re.Match[str]) -> str:
        short, name, literal = found.groups()
        return f"`{literal or (name.rpartition('.')[2] if short else name)}`"

    return ROLE.sub(code, text)


class DocstringRoles(griffe.Extension):
    """Lets mkdocstrings show roles as code; mkdocs.yml names this file."""

    def on_object(self, *, obj: griffe.Object, **kwargs: Any) -> None:
        """Rewrites the docstring of what was just read."""
        if obj.docstring:
            obj.docstring.value = as_code(obj.docstring.value)
