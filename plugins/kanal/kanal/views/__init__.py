"""The pages: the public directory, the webhook, the staff's inbox, the accounts."""

from kanal.views import admin, checks, inbox, public, webhook

BLUEPRINTS = (public.pages, webhook.pages, inbox.pages, checks.pages, admin.pages)
WEBHOOK = webhook.deliver
