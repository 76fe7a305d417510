"""How the OpenAPI file describes a personal token.

Apart from the authentication itself, which REST framework loads before drf-spectacular can be imported.
"""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema


class ApiTokenScheme(OpenApiAuthenticationExtension):
    """How the OpenAPI file describes it; drf-spectacular finds this class once the module is imported."""

    target_class = "accounts.api.authentication.ApiTokenAuthentication"
    name = "apiToken"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:  # noqa: ARG002
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A personal token, made on the site at /me/tokens/. It starts with dibt_.",
        }
