"""The pages: citizens' errands, public results, the staff's desk, what is printed, the set-up."""

from penilaian.views import admin, citizen, periods, plans, printed, results, work

BLUEPRINTS = (citizen.pages, results.pages, work.pages, printed.pages, plans.pages, admin.pages, periods.pages)
