"""Static files under hashed names, compressed once at collection, cached for ever by browsers."""

import re
from collections.abc import Callable
from fnmatch import fnmatch
from posixpath import dirname

import rjsmin
from django.contrib.staticfiles.storage import HashedFilesMixin
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

OUR_MODULES, OUR_SHEETS = "js/*.js", "css/*.css"
IMPORT = re.compile(r'@import url\("(.+?)"\);')


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Whitenoise's storage, which also rewrites `import … from "./x.js"` of our ES modules to hashed names.

    Without that a module would load its imports under their unhashed names, which a browser may have
    kept from an older release. Other people's scripts are left alone: Django takes the types in their
    comments (`import("../htmx").Api`) for imports of files that are not there.
    """

    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = (OUR_MODULES, HashedFilesMixin._js_module_import_aggregation_patterns[1])

    def _save(self, name, content):
        """Our modules travel without comments and indentation: a quarter of what would be sent otherwise.

        Our sheets travel whole: what one imports stands in it, so that a page waits for few files.
        """
        if fnmatch(name, OUR_MODULES):
            content = _rewritten(content, rjsmin.jsmin)
        elif fnmatch(name, OUR_SHEETS):
            content = _rewritten(content, lambda sheet: self._with_parts(sheet, dirname(name)))
        return super()._save(name, content)

    def _with_parts(self, sheet: str, folder: str) -> str:
        """`sheet` with its parts. They lie in folders below it: Django gives deeper files their hashed names first."""

        def part(found: re.Match[str]) -> str:
            path = f"{folder}/{found[1]}"
            return self.open(path).read().decode() if self.exists(path) else found[0]

        return IMPORT.sub(part, sheet)


def _rewritten(content, how: Callable[[str], str]) -> ContentFile:
    content.seek(0)
    return ContentFile(how(content.read().decode()).encode())
