"""A real mail server of the tests' own: Dovecot for IMAP and submission, fed by SMTP.

Every address is a mailbox, made when its first mail arrives, and every password is "secret".
Mails sent to `smtp_port` are delivered; answers are handed in at `submission_port`.
"""

import grp
import os
import pwd
import shutil
import smtplib
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

PASSWORD = "secret"
DOVECOT = shutil.which("dovecot") or "/usr/sbin/dovecot"

CONFIGURATION = """
protocols = imap lmtp submission
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_username_format = %Lu
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={owner} gid={owners} home={folder}/mail/%u allow_all_users=yes
}}
first_valid_uid = 1
mail_location = maildir:~/Maildir
mailbox_idle_check_interval = 1 secs
recipient_delimiter = +
protocol lmtp {{
  lmtp_save_to_detail_mailbox = no
}}
namespace inbox {{
  inbox = yes
  mailbox Sent {{
    auto = subscribe
    special_use = \\Sent
  }}
}}
submission_relay_host = 127.0.0.1
submission_relay_port = {smtp}
submission_relay_trusted = no
hostname = mail.example.test
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service submission-login {{
  chroot =
  inet_listener submission {{
    port = {submission}
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service auth {{
  chroot =
}}
"""


@dataclass(frozen=True)
class MailServer:
    """Where it listens, all on 127.0.0.1."""

    folder: Path
    imap_port: int
    smtp_port: int
    submission_port: int

    def deliver(self, raw: bytes, to: str, sender: str = "kim@example.test") -> None:
        """Put a mail into a mailbox, by SMTP."""
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=20) as smtp:
            smtp.sendmail(sender, [to], raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))


def installed() -> bool:
    return Path(DOVECOT).exists()


@contextmanager
def running() -> Iterator[MailServer]:
    """Start it, wait until it answers, and end it."""
    folder = Path(tempfile.mkdtemp(prefix="sori-mail-"))
    folder.chmod(0o755)
    *ports, smtp_port = free_ports(4)
    door = Controller(_Delivery(ports[2]), hostname="127.0.0.1", port=smtp_port, ready_timeout=30)
    door.start()
    process = None
    try:
        process = _started(
            folder, imap=ports[0], submission=ports[1], lmtp=ports[2], smtp=smtp_port
        )
        yield MailServer(folder, ports[0], smtp_port, ports[1])
    finally:
        door.stop()
        if process is not None:
            process.terminate()
            process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


class _Delivery:
    """Takes mail by SMTP and hands it to Dovecot."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        import asyncio

        def hand_over() -> None:
            with smtplib.LMTP("127.0.0.1", self._port, timeout=20) as lmtp:
                lmtp.sendmail(envelope.mail_from, envelope.rcpt_tos, envelope.original_content)

        await asyncio.get_running_loop().run_in_executor(None, hand_over)
        return "250 delivered"


def _started(folder: Path, **ports: int) -> "subprocess.Popen[bytes]":
    for name in ("run", "state", "mail"):
        (folder / name).mkdir(mode=0o755)
    user = pwd.getpwuid(os.getuid()).pw_name
    group = grp.getgrgid(os.getgid()).gr_name
    root = os.getuid() == 0
    if root:
        shutil.chown(folder / "mail", "mail", "mail")
    words = CONFIGURATION.format(
        folder=folder,
        password=PASSWORD,
        internal="dovecot" if root else user,
        group="dovecot" if root else group,
        login="dovenull" if root else user,
        owner="mail" if root else user,
        owners="mail" if root else group,
        **ports,
    )
    (folder / "dovecot.conf").write_text(words)
    process = subprocess.Popen([DOVECOT, "-F", "-c", str(folder / "dovecot.conf")])
    for _ in range(300):
        if all(_answers(ports[name]) for name in ("imap", "lmtp", "submission")):
            return process
        if process.poll() is not None:
            break
        time.sleep(0.1)
    process.kill()
    log = folder / "dovecot.log"
    raise RuntimeError(f"Dovecot did not start: {log.read_text() if log.exists() else 'no log'}")


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 1):
            return True
    except OSError:
        return False
