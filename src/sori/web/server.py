"""The web server: uvicorn, set up for our pages."""

from socket import socket

import uvicorn


class Server(uvicorn.Server):
    """A server that asks live connections to end before it waits for the others."""

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """Leave in order."""
        from sori.web.asgi import application  # loaded by now, and not before Django is set up

        application.hang_up()
        await super().shutdown(sockets)


def make_server(*, host: str = "127.0.0.1", port: int = 8000) -> Server:
    """A server that is ready to `run()`.

    Its own access log is off, because addresses of sign-in links are secrets, and it believes no
    X-Forwarded-For: how many proxies are ours is said by SORI_PROXIES alone.
    """
    return Server(
        uvicorn.Config(
            "sori.web.asgi:application",
            host=host,
            port=port,
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=3,
            backlog=4096,
        )
    )
