"""Signing in and out, and a person's own pages."""

from django.urls import path

from accounts.views import me, notices, signin, tokens

app_name = "accounts"
urlpatterns = [
    path("sign-in/", signin.sign_in, name="sign_in"),
    path("sign-out/", signin.sign_out, name="sign_out"),
    path("me/", me.me, name="me"),
    path("me/shown-as/", me.shown_as, name="shown_as"),
    path("me/notification-address/", me.notification_email, name="notification_email"),
    path("me/data/", me.my_data, name="my_data"),
    path("me/data/my-account.json", me.my_data_file, name="my_data_file"),
    path("me/tokens/", tokens.token_list, name="tokens"),
    path("me/tokens/<int:pk>/revoke/", tokens.revoke_token, name="revoke_token"),
    path("me/notices/", notices.notice_list, name="notices"),
    path("me/notices/read/", notices.mark_all_read, name="mark_all_read"),
    path("me/notices/<int:pk>/", notices.follow_notice, name="follow_notice"),
]
