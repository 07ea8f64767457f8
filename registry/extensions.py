"""Flask extensions that several rooms share; each is bound to the application in `registry.app.create_app`."""

from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect

login_manager = LoginManager()
csrf = CSRFProtect()
