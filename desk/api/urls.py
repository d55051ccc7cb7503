from django.urls import path

from desk.api.views import bundles, drafts, notices, photos, previews, releases, verbs
from newsroom.http.slug_redirects import at_canonical_slug

A_DRAFT = "desk/drafts/<int:draft_id>/"
A_BUNDLE = "desk/bundles/<int:bundle_id>/"

urlpatterns = [
    path("desk/drafts/", drafts.DraftList.as_view(), name="desk-drafts"),
    path(A_DRAFT, drafts.DraftDetail.as_view(), name="desk-draft"),
    path(f"{A_DRAFT}submit/", verbs.Submit.as_view(), name="desk-submit"),
    path(f"{A_DRAFT}approve/", verbs.Approve.as_view(), name="desk-approve"),
    path(f"{A_DRAFT}send-back/", verbs.SendBack.as_view(), name="desk-send-back"),
    path(f"{A_DRAFT}freeze/", verbs.Freeze.as_view(), name="desk-freeze"),
    path(f"{A_DRAFT}publish/", verbs.Publish.as_view(), name="desk-publish"),
    path(f"{A_DRAFT}schedule/", verbs.Schedule.as_view(), name="desk-schedule"),
    path(f"{A_DRAFT}swap/", verbs.Swap.as_view(), name="desk-swap"),
    path(f"{A_DRAFT}unschedule/", verbs.Unschedule.as_view(), name="desk-unschedule"),
    path(f"{A_DRAFT}restore/", verbs.TakeOut.as_view(), name="desk-take-out"),
    path(f"{A_DRAFT}previews/", previews.PreviewList.as_view(), name="desk-previews"),
    path("desk/previews/<int:preview_id>/", previews.PreviewDetail.as_view(), name="desk-preview"),
    path(
        "desk/articles/<str:slug>/withdraw/",
        at_canonical_slug(releases.Withdraw.as_view()),
        name="desk-withdraw",
    ),
    path(
        "desk/articles/<str:slug>/restore/",
        at_canonical_slug(releases.Restore.as_view()),
        name="desk-restore",
    ),
    path("desk/releases/", releases.ReleaseList.as_view(), name="desk-releases"),
    path("desk/releases/<int:release_id>/", releases.ReleaseDetail.as_view(), name="desk-release"),
    path("desk/releases/<int:release_id>/retry/", releases.Retry.as_view(), name="desk-retry"),
    path("desk/releases/<int:release_id>/move/", releases.Move.as_view(), name="desk-move"),
    path("desk/bundles/", bundles.BundleList.as_view(), name="desk-bundles"),
    path(A_BUNDLE, bundles.BundleDetail.as_view(), name="desk-bundle"),
    path(f"{A_BUNDLE}move/", bundles.Move.as_view(), name="desk-bundle-move"),
    path(f"{A_BUNDLE}cancel/", bundles.Cancel.as_view(), name="desk-bundle-cancel"),
    path(f"{A_BUNDLE}add/", bundles.Add.as_view(), name="desk-bundle-add"),
    path(f"{A_BUNDLE}take-out/", bundles.TakeOut.as_view(), name="desk-bundle-take-out"),
    path("desk/notices/", notices.NoticeList.as_view(), name="desk-notices"),
    path(
        "desk/notices/<int:notice_id>/seen/", notices.NoticeSeen.as_view(), name="desk-notice-seen"
    ),
    path("desk/photos/", photos.PhotoList.as_view(), name="desk-photos"),
    path("desk/photos/<int:photo_id>/", photos.PhotoDetail.as_view(), name="desk-photo"),
    path(
        "desk/wire/<int:story_id>/draft/", releases.DraftFromWire.as_view(), name="desk-from-wire"
    ),
]
