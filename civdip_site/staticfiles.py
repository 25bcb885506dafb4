"""Static files under hashed names, compressed once at collection, cached for ever by browsers."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Whitenoise's storage, which also rewrites `import … from "./x.js"` of ES modules to hashed names.

    Without that a module would load its imports under their unhashed names, which a browser may have
    kept from an older release.
    """

    support_js_module_import_aggregation = True
