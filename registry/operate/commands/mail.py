"""``lumbung mail``: what was written while no mail server is named, and whether the one that is named takes mail."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import click

from registry.core import mail
from registry.core.errors import InvalidError
from registry.operate import mailing
from registry.operate.parts import local_settings

MAX_LISTED = 100
FOLDER = click.option(
    "--data", type=click.Path(path_type=Path, file_okay=False), help="Data folder of the installation."
)


@click.group("mail")
def mail_group() -> None:
    """Messages the registry writes to people."""


@mail_group.command("list")
@FOLDER
@click.option("--most", type=click.IntRange(1, MAX_LISTED), default=20, show_default=True)
def list_kept(data: Path | None, most: int) -> None:
    """The newest messages that became files, because LUMBUNG_SMTP names no server."""
    found = mailing.kept(local_settings(data))[:most]
    for path in found:
        message = mailing.read(path)
        click.echo(f"{path.stem}  {_shown(message, 'To')}  {_shown(message, 'Subject')}")
    if not found:
        click.echo("no message was kept as a file")


@mail_group.command("show")
@click.argument("name", required=False)
@FOLDER
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="Also write its HTML part to this file.")
def show(name: str | None, data: Path | None, html: Path | None) -> None:
    """One of them as text: the one called NAME by 'lumbung mail list', or the newest."""
    found = [path for path in mailing.kept(local_settings(data)) if name in (None, path.stem)]
    if not found:
        raise click.ClickException(f"there is no message {name}" if name else "no message was kept as a file")
    message = mailing.read(found[0])
    for header in ("Date", "From", "To", "Subject"):
        click.echo(f"{header}: {_shown(message, header)}")
    click.echo(f"\n{mailing.part(message, 'plain')}")
    if html is not None:
        html.write_text(mailing.part(message, "html"))
        click.echo(f"its HTML part is in {html}")


@mail_group.command("try")
@click.argument("address")
@FOLDER
def attempt(address: str, data: Path | None) -> None:
    """Write to ADDRESS now, and say what the mail server answers."""
    settings = local_settings(data)
    text = "This is a trial of 'lumbung mail try'. Mail of this registry reaches you.\n"
    try:
        content = mail.compose(settings, mail.checked_address(address), "Lumbung", text).as_bytes()
        if not settings.smtp:
            mail.keep(settings.data / "mail", content)
            click.echo(f"no server is named (LUMBUNG_SMTP): it is a file in {settings.data / 'mail'}")
            return
        mail.hand_over(mail.parse_server(settings.smtp), mail.sender_address(settings), content)
    except InvalidError:
        raise click.ClickException(f"{address} is no e-mail address") from None
    except (OSError, mail.MailServerError) as error:
        raise click.ClickException(f"the mail server does not take it: {error}") from None
    click.echo(f"the mail server took it for {address}")


def _shown(message: EmailMessage, header: str) -> str:
    """Without what would move a terminal's cursor."""
    return "".join(letter if letter.isprintable() else " " for letter in str(message[header] or ""))
