from flask import Blueprint

blueprint = Blueprint("forge", __name__, template_folder="templates")
