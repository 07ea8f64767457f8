"""Flask extensions that several rooms share; each is bound to the application in `registry.create_app`."""

from flask_babel import Babel
from flask_login import LoginManager
from flask_smorest import Api
from flask_wtf.csrf import CSRFProtect

babel = Babel()
login_manager = LoginManager()
csrf = CSRFProtect()
api = Api()
