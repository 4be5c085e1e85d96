from .desk import documents
from .issue import issue
from .own import my_pack
from .prints import again, document, download
from .verify import verify

__all__ = ["again", "document", "documents", "download", "issue", "my_pack", "verify"]
