"""Static files under hashed names, compressed once at collection, cached for ever by browsers."""

from fnmatch import fnmatch

import rjsmin
from django.contrib.staticfiles.storage import HashedFilesMixin
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

OUR_MODULES = "js/*.js"


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Whitenoise's storage, which also rewrites `import … from "./x.js"` of our ES modules to hashed names.

    Without that a module would load its imports under their unhashed names, which a browser may have
    kept from an older release. Other people's scripts are left alone: Django takes the types in their
    comments (`import("../htmx").Api`) for imports of files that are not there.
    """

    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = (OUR_MODULES, HashedFilesMixin._js_module_import_aggregation_patterns[1])

    def _save(self, name, content):
        """Our modules travel without comments and indentation: a quarter of what would be sent otherwise."""
        if fnmatch(name, OUR_MODULES):
            content.seek(0)
            content = ContentFile(rjsmin.jsmin(content.read().decode()).encode())
        return super()._save(name, content)
