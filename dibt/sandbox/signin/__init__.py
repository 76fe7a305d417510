"""Sign in with the sandbox: OAuth 2 code flow with PKCE, and OpenID Connect on top."""
