"""What gunicorn serves: ``gunicorn wsgi:app``."""

from registry import create_app
from registry.core import logs

logs.configure("web")
app = create_app()
