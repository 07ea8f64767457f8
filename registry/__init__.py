"""Lumbung: the registry of a city-to-city app-sharing programme. `registry.app.create_app` is the web application.

Packages here import nothing by themselves, so that the plugin host does not carry the web application with it.
"""
