"""The pages: what the public sees, the board and the wall, alerts, dispositions, the administrator."""

from pusatkendali.views import admin, alerts, board, dispositions, public, summary, wall

ROOMS = (public, board, wall, alerts, dispositions, summary, admin)
