"""图片: uploaded pictures, by their ids."""

from definitions.fieldtypes.contract import bilingual
from definitions.fieldtypes.file import FileType


class ImageType(FileType):
    """A list of the ids of pictures, shown as such."""

    id = "image"
    title = bilingual("图片", "Image")
