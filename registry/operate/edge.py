"""The edge: one static Caddy configuration, however many cities there are (design §3).

A plugin's host name names its socket: labels are checked by the pattern, so no label ever leaves the plugins folder,
and no header carries a path. Connections to plugins are not kept open, so that one which waits in a socket's
backlog during a change is served by whatever revision serves next, and none is lost on a closing server.

Who sends or reads slowly waits here, where that costs little: the servers behind have few threads. So a request reaches
them when its body is here (up to `BODY`), and an answer leaves them at once (up to `ANSWER`).
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from registry.config import Settings

BODY, ANSWER = "2MiB", "8MiB"
LABEL = "[a-z0-9]([a-z0-9-]*[a-z0-9])?"

TEMPLATE = """{{
	admin off
	auto_https off
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
		}}
	}}
}}

:{port} {{
	@plugin header_regexp host Host ^{label}\\.{label}\\.{domain}(:[0-9]+)?$
	encode zstd gzip
	route {{
		handle @plugin {{
			route {{
				handle /_lumbung/* {{
					reverse_proxy unix/{run}/web.sock
				}}
				handle {{
					reverse_proxy unix/{run}/plugins/{city}/{name}.sock {{
						request_buffers {body}
						transport http {{
							keepalive off
							dial_timeout 5s
							response_header_timeout 120s
						}}
					}}
				}}
			}}
		}}
		handle /git/* {{
			reverse_proxy unix/{run}/git.sock {{
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
				request_buffers {body}
				response_buffers {answer}
			}}
		}}
	}}
	handle_errors {{
		@unreached header_regexp host Host ^{label}\\.{label}\\.{domain}(:[0-9]+)?$
		handle @unreached {{
			rewrite * /_lumbung/unavailable
			reverse_proxy unix/{run}/web.sock {{
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
    below = settings.plugin_domain.count(".") + 1
    return TEMPLATE.format(
        port=settings.port,
        label=LABEL,
        domain=re.escape(settings.plugin_domain),
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
