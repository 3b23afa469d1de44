"""A real WordPress of the tests' own: Debian's, on PHP's own server with a private MariaDB."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

CODE = Path("/usr/share/wordpress")
CONTENT = Path("/var/lib/wordpress/wp-content")
PROGRAMS = ("php", "mariadbd", "mariadb-install-db", "mariadb-admin", "mariadb")
KEYS = ("AUTH_KEY", "SECURE_AUTH_KEY", "LOGGED_IN_KEY", "NONCE_KEY")
SALTS = ("AUTH_SALT", "SECURE_AUTH_SALT", "LOGGED_IN_SALT", "NONCE_SALT")
CONFIGURATION = """<?php
define('DB_NAME', 'wordpress'); define('DB_USER', 'root'); define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:{folder}/run/db.sock');
define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', '');
define('WP_HOME', '{url}'); define('WP_SITEURL', '{url}');
define('WP_ENVIRONMENT_TYPE', 'local');
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('DISABLE_WP_CRON', true); define('AUTOMATIC_UPDATER_DISABLED', true);
foreach ({names} as $name) define($name, hash('sha256', 'test' . $name));
$table_prefix = 'wp_';
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
"""
SETUP = """<?php
define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = '127.0.0.1'; $_SERVER['REQUEST_METHOD'] = 'GET';
require '{folder}/site/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('시험 블로그', 'shop', 'shop@shop.test', true, '', 'secret');
foreach (['comment_previously_approved' => 0, 'comment_moderation' => 0, 'comments_notify' => 0,
          'permalink_structure' => '/%postname%/', 'thread_comments' => 1,
          'timezone_string' => 'Asia/Seoul'] as $name => $value) update_option($name, $value);
$GLOBALS['wp_rewrite']->init(); flush_rewrite_rules(false);
$user = get_user_by('login', 'shop');
[$password] = WP_Application_Passwords::create_new_application_password($user->ID, ['name' => 's']);
file_put_contents('{folder}/password', $password);
"""
ROUTER = """<?php
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH); $file = __DIR__ . '/site' . $path;
if ($path !== '/' && is_file($file)) return false;
$_SERVER['SCRIPT_NAME'] = '/index.php'; chdir(__DIR__ . '/site');
require __DIR__ . '/site/index.php';
"""


@dataclass(frozen=True)
class Site:
    """Where it is, and who may answer there."""

    url: str
    user: str
    password: str

    def write(self, text: str, who: str, **more: object) -> int:
        """Somebody writes below the first post through the form of the page; the comment's id."""
        before = self._newest()
        form = {"comment": text, "author": who, "email": f"{who}@x.test", "comment_post_ID": 1}
        httpx.post(f"{self.url}/wp-comments-post.php", data=form | more, timeout=60)
        after = self._newest()
        assert after != before, "the site did not take the comment"
        return after

    def call(self, method: str, path: str, **asked: object) -> object:
        """Ask the API as the user who may answer."""
        said = httpx.request(
            method,
            f"{self.url}/wp-json/wp/v2/{path}",
            auth=(self.user, self.password),
            timeout=60,
            **asked,  # type: ignore[arg-type]
        )
        return said.raise_for_status().json()

    def _newest(self) -> int:
        found = self.call("GET", "comments", params={"per_page": 1})
        return int(found[0]["id"]) if isinstance(found, list) and found else 0


def there() -> bool:
    """Whether the site can be started here."""
    return CODE.exists() and all(map(shutil.which, PROGRAMS))


@contextmanager
def running() -> Iterator[Site]:
    """Start the site, in a folder that its database may enter under another user."""
    with tempfile.TemporaryDirectory(prefix="sori-wordpress-") as place:
        folder = Path(place)
        folder.chmod(0o755)
        (folder / "run").mkdir()
        database = _database(folder)
        try:
            with _web(folder) as url:
                yield Site(url, "shop", (folder / "password").read_text())
        finally:
            database.terminate()
            database.wait(60)


@contextmanager
def _web(folder: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{free.getsockname()[1]}"
    _install(folder, f"http://{place}")
    command = ["php", "-d", "sendmail_path=/bin/true", "-S", place, "-t", str(folder / "site")]
    with (folder / "php.log").open("wb") as out:
        process = subprocess.Popen(
            [*command, str(folder / "router.php")],
            env=os.environ | {"PHP_CLI_SERVER_WORKERS": "3"},
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        _until(lambda: httpx.get(f"http://{place}/wp-json/").status_code == 200)
        yield f"http://{place}"
    finally:
        os.killpg(process.pid, signal.SIGTERM)  # its workers are children of the first
        process.wait(30)


def _database(folder: Path) -> subprocess.Popen[bytes]:
    data, socket_file = folder / "db", folder / "run" / "db.sock"
    data.mkdir()
    user = ["--user=mysql"] if os.getuid() == 0 else []
    if user:
        shutil.chown(data, "mysql")
        shutil.chown(folder / "run", "mysql")
    common = ["--no-defaults", *user, f"--datadir={data}"]
    made = ["--auth-root-authentication-method=normal", "--skip-test-db"]
    subprocess.run(
        ["mariadb-install-db", *common, *made], check=True, stdout=sys.stderr, stderr=sys.stderr
    )
    small = ["--skip-networking", "--innodb-buffer-pool-size=64M", "--performance-schema=OFF"]
    with (folder / "db.log").open("wb") as out:
        process = subprocess.Popen(
            ["mariadbd", *common, f"--socket={socket_file}", *small], stdout=out, stderr=out
        )
    ask = ["--no-defaults", f"--socket={socket_file}", "-uroot"]
    ping = ["mariadb-admin", *ask, "ping"]
    _until(lambda: subprocess.run(ping, capture_output=True, check=False).returncode == 0)
    create = "CREATE DATABASE wordpress CHARACTER SET utf8mb4"
    subprocess.run(["mariadb", *ask, "-e", create], check=True)
    return process


def _install(folder: Path, url: str) -> None:
    shutil.copytree(CODE, folder / "site", ignore_dangling_symlinks=True)
    shutil.copytree(
        CONTENT, folder / "site" / "wp-content", ignore_dangling_symlinks=True, dirs_exist_ok=True
    )
    rules = folder / "site" / "wp-content" / "mu-plugins"
    rules.mkdir()
    # two readers of one test come from one address
    (rules / "quick.php").write_text(
        "<?php add_filter('comment_flood_filter', '__return_false', 99);"
    )
    names = str([*KEYS, *SALTS])
    config = folder / "site" / "wp-config.php"
    config.unlink(missing_ok=True)
    config.write_text(CONFIGURATION.format(folder=folder, url=url, names=names))
    (folder / "setup.php").write_text(SETUP.replace("{folder}", str(folder)))
    (folder / "router.php").write_text(ROUTER)
    subprocess.run(
        ["php", "-d", "sendmail_path=/bin/true", str(folder / "setup.php")],
        check=True,
        stdout=sys.stderr,
    )


def _until(happened: object) -> None:
    for _ in range(600):
        try:
            if happened():  # type: ignore[operator]
                return
        except httpx.TransportError:
            pass  # it is still starting
        time.sleep(0.2)
    raise TimeoutError("WordPress did not start within two minutes")
