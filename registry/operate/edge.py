"""The edge: one static Caddy configuration, however many cities there are (design §3).

A plugin's host name names its socket: labels are checked by the pattern, so no label ever leaves the plugins folder,
and no header carries a path. A city's own host name is a link in the domains folder, made by the plugin host for names
whose owner was checked; without one there is nothing to reach. Connections to plugins are not kept open, so that one
which waits in a socket's backlog during a change is served by whatever revision serves next, and none is lost on a
closing server.

Who sends or reads slowly waits here, where that costs little: the servers behind have few threads. So a request reaches
them when its body is here (up to `BODY`), and an answer leaves them at once (up to `ANSWER`).

With https a certificate is got at the first handshake for a name, when the registry says that the name is one of ours.
The question goes from the edge to itself: only this machine may ask it on the plain port.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from registry.config import Settings

BODY, ANSWER = "2MiB", "8MiB"
LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
LAST_LABEL = "[a-z]([a-z0-9-]{0,61}[a-z0-9])?"
"""Of a name: not a number, else an address would look like a name."""

HSTS = "max-age=31536000"
ASK = "/_lumbung/tls-ask"

GLOBAL = """{{
	admin off
	persist_config off
	grace_period 10s
	log default {{
		output stderr
		level ERROR
	}}
	servers {{
		protocols h1 h2
		max_header_size 32KB
		timeouts {{
			read_header 10s
			read_body 15m
			idle 2m
		}}{trusted}
	}}
	{tls}
}}
"""

TRUSTED = """
		trusted_proxies static {networks}
		trusted_proxies_strict"""

TOLD = """
	header_up X-Forwarded-For {client_ip}
	header_up X-Forwarded-Host {http.request.hostport}"""
"""Behind a proxy: its word counts for who asks, never for what was asked. In front nobody's word counts (the default).
"""

ON_DEMAND = """auto_https disable_redirects
	http_port {http_port}
	https_port {port}
	on_demand_tls {{
		ask http://127.0.0.1:{http_port}{ask}
	}}{mail}"""

PLAIN_SITE = """
:{port} {{
	import lumbung
}}
"""

TLS_SITES = """
https:// {{
	tls {{
		on_demand{issuer}
	}}
	import lumbung
}}

http:// {{
	@ask {{
		path {ask}
		remote_ip 127.0.0.1 ::1
	}}
	route {{
		handle @ask {{
			reverse_proxy unix/{run}/web.sock {{
				header_up Host {registry}
				header_up X-Forwarded-Host {registry}
			}}
		}}
		redir https://{{host}}{shown_port}{{uri}} 308
	}}
}}
"""

ROUTES = """
(told) {{
	header_up X-Forwarded-Proto {scheme}{told}
}}

(plugin) {{
	handle /_lumbung/* {{
		reverse_proxy unix/{run}/web.sock {{
			import told
			request_buffers {body}
		}}
	}}
	handle {{
		reverse_proxy unix/{{args[0]}} {{
			import told
			request_buffers {body}
			transport http {{
				keepalive off
				dial_timeout 5s
				response_header_timeout 120s
			}}
		}}
	}}
}}

(lumbung) {{
	@plugin header_regexp Host ^{label}\\.{label}\\.{domain}(:[0-9]+)?$
	@own {{
		header_regexp Host ^({label}\\.)+{last_label}(:[0-9]+)?$
		vars_regexp {{http.request.host}} ^.{{1,{longest}}}$
		not header_regexp Host ^({registry_pattern}|([^:]*\\.)?{domain})(:[0-9]+)?$
	}}
	@registry header_regexp Host ^{registry_pattern}(:[0-9]+)?$
	encode zstd gzip{hsts}
	route {{
		handle @plugin {{
			route {{
				import plugin {run}/plugins/{city}/{name}.sock
			}}
		}}
		handle @own {{
			route {{
				import plugin {run}/domains/{{http.request.host}}.sock
			}}
		}}
		handle /git/* {{
			reverse_proxy unix/{run}/git.sock {{
				import told
				flush_interval -1
			}}
		}}
		@asset {{
			path /static/*
			file {{
				root {web}
			}}
		}}
		handle @asset {{
			root {web}
			header Cache-Control "public, max-age=31536000, immutable"
			header X-Content-Type-Options nosniff
			file_server
		}}
		respond /metrics 404
		handle {{
			reverse_proxy unix/{run}/web.sock {{
				import told
				request_buffers {body}
				response_buffers {answer}
			}}
		}}
	}}
	handle_errors {{
		@unreached not header_regexp Host ^{registry_pattern}(:[0-9]+)?$
		handle @unreached {{
			rewrite * /_lumbung/unavailable
			reverse_proxy unix/{run}/web.sock {{
				import told
				method GET
				header_up -Content-Length
				header_up -Transfer-Encoding
			}}
		}}
		handle {{
			respond "{{err.status_code}} {{err.status_text}}"
		}}
	}}
}}
"""


def configuration(settings: Settings) -> str:
    """The Caddyfile of this installation."""
    alone = has_certificates(settings)
    return _global(settings, alone) + _routes(settings) + (_tls_sites(settings) if alone else _plain_site(settings))


def has_certificates(settings: Settings) -> bool:
    """Whether the edge itself speaks https."""
    return settings.scheme == "https" and settings.edge == "direct"


def _global(settings: Settings, alone: bool) -> str:
    behind = TRUSTED.format(networks=" ".join(settings.trusted_proxies)) if settings.edge == "behind" else ""
    mail = f"\n\temail {settings.acme_mail}" if settings.acme_mail else ""
    tls = ON_DEMAND.format(port=settings.port, http_port=settings.http_port, ask=ASK, mail=mail)
    return GLOBAL.format(trusted=behind, tls=tls if alone else "auto_https off")


def _plain_site(settings: Settings) -> str:
    return PLAIN_SITE.format(port=settings.port)


def _tls_sites(settings: Settings) -> str:
    return TLS_SITES.format(
        ask=ASK,
        run=settings.run,
        registry=settings.registry_host,
        shown_port="" if settings.port == 443 else f":{settings.port}",
        issuer="\n\t\tissuer internal" if settings.tls == "internal" else "",
    )


def _routes(settings: Settings) -> str:
    below = settings.plugin_domain.count(".") + 1
    return ROUTES.format(
        label=LABEL,
        last_label=LAST_LABEL,
        longest=settings.longest_domain,
        domain=re.escape(settings.plugin_domain),
        registry_pattern=re.escape(settings.registry_host),
        hsts=f'\n\theader @registry Strict-Transport-Security "{HSTS}"' if settings.scheme == "https" else "",
        scheme=settings.scheme,
        told=TOLD if settings.edge == "behind" else "",
        run=settings.run,
        city=f"{{http.request.host.labels.{below}}}",
        name=f"{{http.request.host.labels.{below + 1}}}",
        body=BODY,
        answer=ANSWER,
        web=Path(__file__).parent.parent / "web",
    )


def program() -> Path:
    """Caddy from the pinned wheel, beside this interpreter."""
    return Path(sys.executable).with_name("caddy")
