from flask_smorest import Blueprint

blueprint = Blueprint("api_accounts", __name__, url_prefix="/api/v1")
