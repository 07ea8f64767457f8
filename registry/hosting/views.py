from flask import Blueprint

blueprint = Blueprint("hosting", __name__, template_folder="templates")
