"""The two addresses of the flow with the Hub, under the names by which allauth asks for them.

The second one is what the OAuth app on the Hub has to name as its redirect URL. allauth's other pages
(sign-up, passwords, e-mail, connections) have no address, so there is none of them.
"""

from django.urls import re_path

from accounts.signin import PROVIDER_ID
from accounts.views import signin

_hub = rf"^oidc/(?P<provider_id>{PROVIDER_ID})/login/"
urlpatterns = [
    re_path(f"{_hub}$", signin.hub_login, name="openid_connect_login"),
    re_path(f"{_hub}callback/$", signin.hub_callback, name="openid_connect_callback"),
]
