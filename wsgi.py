"""What gunicorn serves: ``gunicorn wsgi:app``."""

from registry.core import logs
from registry.loading import named

logs.configure("web")
app = named("registry.app:create_app")()
