from flask import Blueprint

blueprint = Blueprint("catalog", __name__, template_folder="templates")
