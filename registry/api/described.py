"""An API whose document is put together when somebody first reads it: most processes serve it to nobody."""

from __future__ import annotations

from threading import Lock
from typing import Any

from flask import Flask, Response
from flask_smorest import Api, Blueprint


class LateApi(Api):
    """Describing 600 operations is half of what making the application costs."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self._describing = Lock()
        self._undescribed: list[Blueprint] = []

    def init_app(self, app: Flask, **given: Any) -> None:
        self._undescribed.clear()
        super().init_app(app, **given)

    def register_blueprint(self, blueprint: Blueprint, **options: Any) -> None:
        """As flask-smorest does; what the document says of it has time."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blueprint.name] = self
        self._app.register_blueprint(blueprint, **options)
        self._undescribed.append(blueprint)

    def _openapi_json(self) -> Response:
        with self._describing:
            while self._undescribed:
                self._describe(self._undescribed[0])
                del self._undescribed[0]
        answer: Response = super()._openapi_json()
        return answer

    def _describe(self, blueprint: Blueprint) -> None:
        blueprint.register_views_in_doc(self, self._app, self.spec, name=blueprint.name, parameters=None)
        self.spec.tag({"name": blueprint.name, "description": blueprint.description})
