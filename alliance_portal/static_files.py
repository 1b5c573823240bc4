"""Styles and scripts under names that hold their hash; which is which is nobody's business."""

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """WhiteNoise's storage with its list of names beside the folder that is served, not in it."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        beside = FileSystemStorage(location=settings.STATIC_MANIFEST_DIR)
        super().__init__(*args, manifest_storage=beside, **kwargs)
