from flask_smorest import Blueprint

blueprint = Blueprint("api_tenants", __name__, url_prefix="/api/v1")
