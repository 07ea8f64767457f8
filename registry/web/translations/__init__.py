"""The catalogue of Bahasa Indonesia, and ``python -m registry.web.translations extract|check|compile``."""
