"""What gunicorn serves: ``gunicorn wsgi:app``."""

from registry.app import create_app
from registry.core import logs

logs.configure("web")
app = create_app()
