"""Who may go where: one row a route. A route without a row fails the tests, and so does a row
without a route."""

from typing import Final

from sori.staff.permissions import Permission

PUBLIC: Final = "public"
CLOSED: Final = "closed"  # routes of other packages that do not exist here

ROUTES: Final[dict[str, Permission | str]] = {
    # the front door
    "home": Permission.SIGNED_IN,
    "health": PUBLIC,
    "language": PUBLIC,
    "welcome": PUBLIC,
    "ask_for_link": PUBLIC,
    "sign_in_by_link": PUBLIC,
    # members
    "staff:members": Permission.CHANGE_MEMBERS,
    "staff:change": Permission.CHANGE_MEMBERS,
    "staff:new_link": Permission.CHANGE_MEMBERS,
    "staff:deactivate": Permission.CHANGE_MEMBERS,
    "staff:profile": Permission.SIGNED_IN,
    "staff:password": Permission.SIGNED_IN,
    # django-allauth
    "account_login": PUBLIC,
    "account_logout": Permission.SIGNED_IN,
    "account_inactive": PUBLIC,
    "account_signup": CLOSED,
    "account_reauthenticate": Permission.SIGNED_IN,
    "account_email": CLOSED,
    "account_email_verification_sent": CLOSED,
    "account_change_password": CLOSED,
    "account_set_password": CLOSED,
    "account_reset_password": CLOSED,
    "account_reset_password_done": CLOSED,
    "account_reset_password_from_key": CLOSED,
    "account_reset_password_from_key_done": CLOSED,
    "account_confirm_email": CLOSED,
    "account_confirm_login_code": CLOSED,
    "mfa_index": Permission.SIGNED_IN,
    "mfa_authenticate": PUBLIC,
    "mfa_reauthenticate": Permission.SIGNED_IN,
    "mfa_activate_totp": Permission.SIGNED_IN,
    "mfa_deactivate_totp": Permission.SIGNED_IN,
    "mfa_view_recovery_codes": Permission.SIGNED_IN,
    "mfa_generate_recovery_codes": Permission.SIGNED_IN,
    "mfa_download_recovery_codes": Permission.SIGNED_IN,
    "mfa_list_webauthn": Permission.SIGNED_IN,
    "mfa_add_webauthn": Permission.SIGNED_IN,
    "mfa_reauthenticate_webauthn": Permission.SIGNED_IN,
    "mfa_remove_webauthn": Permission.SIGNED_IN,
    "mfa_edit_webauthn": Permission.SIGNED_IN,
    "mfa_login_webauthn": PUBLIC,
    "socialaccount_login_cancelled": PUBLIC,
    "socialaccount_login_error": PUBLIC,
    "socialaccount_signup": CLOSED,
    "socialaccount_connections": CLOSED,
    "openid_connect_login": PUBLIC,
    "openid_connect_callback": PUBLIC,
    "accounts/social/login/cancelled/": CLOSED,
    "accounts/social/login/error/": CLOSED,
    "accounts/social/signup/": CLOSED,
    "accounts/social/connections/": CLOSED,
}
"""The name of a route (its pattern where it has none) -> what it takes."""
