from .desk import documents
from .own import my_pack
from .prints import again, document, download
from .verify import verify

__all__ = ["again", "document", "documents", "download", "my_pack", "verify"]
