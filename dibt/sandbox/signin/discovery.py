"""What clients read before they begin: the provider's metadata and its keys. Only what is really there is listed."""

from dibt.sandbox.routing import Router
from dibt.sandbox.signin.claims import SCOPES
from dibt.sandbox.wire import Request, Response

router = Router()


@router.route("GET", "/.well-known/openid-configuration")
@router.route("GET", "/.well-known/oauth-authorization-server")
def metadata(request: Request) -> Response:
    origin = request.origin
    return Response.json(
        {
            "issuer": origin,
            "authorization_endpoint": f"{origin}/oauth/authorize",
            "token_endpoint": f"{origin}/oauth/token",
            "userinfo_endpoint": f"{origin}/oauth/userinfo",
            "jwks_uri": f"{origin}/oauth/jwks",
            "scopes_supported": list(SCOPES),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
        }
    )


@router.route("GET", "/oauth/jwks")
def keys(request: Request) -> Response:
    return Response.json({"keys": [request.hub.signing_key.public_jwk()]})
