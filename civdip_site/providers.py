"""Where people may have an account that opens this site too: ORCID and one server of OpenID Connect, by setting."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from civdip_site.environment import env

ORCID = ("ORCID_CLIENT_ID", "ORCID_SECRET")
OPENID = ("OPENID_CONNECT_URL", "OPENID_CONNECT_CLIENT_ID", "OPENID_CONNECT_SECRET")


def providers() -> dict[str, dict]:
    """What allauth needs of each that is switched on, by the name of its package there."""
    found: dict[str, dict] = {}
    if _given(ORCID):
        client_id, secret = (env.str(name) for name in ORCID)
        found["orcid"] = {"APPS": [{"client_id": client_id, "secret": secret}], "BASE_DOMAIN": _orcid_domain()}
    if _given(OPENID):
        found["openid_connect"] = {"APPS": [_server()]}
    return found


def _given(names: tuple[str, ...]) -> bool:
    """True when all are set, False when none is; some of them stop the start."""
    missing = [name for name in names if not env.str(name, default="").strip()]
    if missing and len(missing) < len(names):
        others = ", ".join(name for name in names if name not in missing)
        raise ImproperlyConfigured(f"{missing[0]} is empty. Write it too, or leave {others} out.")
    return not missing


def _orcid_domain() -> str:
    domain = env.str("ORCID_DOMAIN", default="orcid.org").strip()
    if domain not in {"orcid.org", "sandbox.orcid.org"}:
        raise ImproperlyConfigured(f"ORCID_DOMAIN is {domain!r}. Write one of: orcid.org, sandbox.orcid.org.")
    return domain


def _server() -> dict:
    url, client_id, secret = (env.str(name).strip() for name in OPENID)
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.netloc:
        example = "https://id.example.org/realms/readers"
        raise ImproperlyConfigured(f"OPENID_CONNECT_URL is {url!r}. Write it like OPENID_CONNECT_URL={example}")
    name = env.str("OPENID_CONNECT_NAME", default=parts.netloc)
    return {
        "provider_id": "openid", "name": name, "client_id": client_id, "secret": secret,
        "settings": {"server_url": url},
    }  # fmt: skip
