from flask_smorest import Blueprint

blueprint = Blueprint("api_forge", __name__, url_prefix="/api/v1")
