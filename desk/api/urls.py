"""URLs of the desk API."""

from django.urls import path

from desk.api.views import (
    articles,
    bulk_changes,
    bundles,
    claims,
    collaboration,
    draft_actions,
    drafts,
    moderation,
    notices,
    photos,
    polls,
    previews,
    releases,
    remarks,
    sanctions,
    suggestions,
    threads,
    versions,
)
from newsroom.http.slug_redirects import redirect_to_canonical_slug

DRAFT_PATH = "desk/drafts/<int:draft_id>/"
VERSION_PATH = f"{DRAFT_PATH}versions/<int:number>/"
BUNDLE_PATH = "desk/bundles/<int:bundle_id>/"
CLAIM_PATH = "desk/claims/<int:claim_id>/"
POLL_PATH = "desk/polls/<int:poll_id>/"

urlpatterns = [
    path("desk/drafts/", drafts.DraftList.as_view(), name="desk-drafts"),
    path(DRAFT_PATH, drafts.DraftDetail.as_view(), name="desk-draft"),
    path(f"{DRAFT_PATH}submit/", draft_actions.SubmitDraft.as_view(), name="desk-submit"),
    path(f"{DRAFT_PATH}approve/", draft_actions.ApproveDraft.as_view(), name="desk-approve"),
    path(f"{DRAFT_PATH}send-back/", draft_actions.SendBackDraft.as_view(), name="desk-send-back"),
    path(
        f"{DRAFT_PATH}keep-addresses/",
        draft_actions.KeepWireAddresses.as_view(),
        name="desk-keep-addresses",
    ),
    path(f"{DRAFT_PATH}freeze/", draft_actions.FreezeDraft.as_view(), name="desk-freeze"),
    path(f"{DRAFT_PATH}publish/", draft_actions.PublishDraft.as_view(), name="desk-publish"),
    path(f"{DRAFT_PATH}schedule/", draft_actions.ScheduleDraft.as_view(), name="desk-schedule"),
    path(f"{DRAFT_PATH}swap/", draft_actions.ReplaceScheduledEdition.as_view(), name="desk-swap"),
    path(
        f"{DRAFT_PATH}unschedule/", draft_actions.UnscheduleDraft.as_view(), name="desk-unschedule"
    ),
    path(f"{DRAFT_PATH}end-hold/", draft_actions.EndHold.as_view(), name="desk-end-hold"),
    path(f"{DRAFT_PATH}restore/", draft_actions.RestoreDraft.as_view(), name="desk-take-out"),
    path(f"{DRAFT_PATH}versions/", versions.VersionList.as_view(), name="desk-versions"),
    path(VERSION_PATH, versions.VersionDetail.as_view(), name="desk-version"),
    path(f"{VERSION_PATH}diff/", versions.VersionDiff.as_view(), name="desk-version-diff"),
    path(f"{VERSION_PATH}restore/", versions.RestoreVersion.as_view(), name="desk-version-restore"),
    path(f"{DRAFT_PATH}assign/", collaboration.AssignDraft.as_view(), name="desk-assign"),
    path(f"{DRAFT_PATH}lock/", collaboration.DraftLock.as_view(), name="desk-lock"),
    path(f"{DRAFT_PATH}presence/", collaboration.PresenceOfDraft.as_view(), name="desk-presence"),
    path(f"{DRAFT_PATH}remarks/", remarks.RemarkList.as_view(), name="desk-remarks"),
    path("desk/remarks/<int:remark_id>/", remarks.RemarkDetail.as_view(), name="desk-remark"),
    path(
        f"{DRAFT_PATH}suggestions/",
        suggestions.SuggestionList.as_view(),
        name="desk-suggestions",
    ),
    path(
        f"{DRAFT_PATH}suggestions/<int:suggestion_id>/",
        suggestions.SuggestionDetail.as_view(),
        name="desk-suggestion",
    ),
    path(
        f"{DRAFT_PATH}suggestions/<int:suggestion_id>/taken/",
        suggestions.SuggestionTaken.as_view(),
        name="desk-suggestion-taken",
    ),
    path("desk/people/", collaboration.PeopleList.as_view(), name="desk-people"),
    path(f"{DRAFT_PATH}previews/", previews.PreviewList.as_view(), name="desk-previews"),
    path("desk/previews/<int:preview_id>/", previews.PreviewDetail.as_view(), name="desk-preview"),
    path(
        "desk/articles/<str:slug>/",
        redirect_to_canonical_slug(articles.ArticleDetail.as_view()),
        name="desk-article",
    ),
    path(
        "desk/articles/<str:slug>/comments-policy/",
        redirect_to_canonical_slug(threads.ThreadPolicyDetail.as_view()),
        name="desk-comments-policy",
    ),
    path(
        "desk/articles/<str:slug>/pins/",
        redirect_to_canonical_slug(threads.PinnedCommentList.as_view()),
        name="desk-pins",
    ),
    path("desk/comments/<int:comment_id>/pin/", moderation.CommentPin.as_view(), name="desk-pin"),
    path(
        "desk/articles/<str:slug>/withdraw/",
        redirect_to_canonical_slug(releases.WithdrawArticle.as_view()),
        name="desk-withdraw",
    ),
    path(
        "desk/articles/<str:slug>/restore/",
        redirect_to_canonical_slug(releases.RestoreArticle.as_view()),
        name="desk-restore",
    ),
    path(
        "desk/articles/<str:slug>/erase/",
        redirect_to_canonical_slug(releases.EraseArticle.as_view()),
        name="desk-erase",
    ),
    path("desk/releases/", releases.ReleaseList.as_view(), name="desk-releases"),
    path("desk/releases/<int:release_id>/", releases.ReleaseDetail.as_view(), name="desk-release"),
    path(
        "desk/releases/<int:release_id>/retry/", releases.RetryRelease.as_view(), name="desk-retry"
    ),
    path("desk/releases/<int:release_id>/move/", releases.MoveRelease.as_view(), name="desk-move"),
    path("desk/bundles/", bundles.BundleList.as_view(), name="desk-bundles"),
    path(BUNDLE_PATH, bundles.BundleDetail.as_view(), name="desk-bundle"),
    path(f"{BUNDLE_PATH}move/", bundles.MoveBundle.as_view(), name="desk-bundle-move"),
    path(f"{BUNDLE_PATH}cancel/", bundles.CancelBundle.as_view(), name="desk-bundle-cancel"),
    path(f"{BUNDLE_PATH}add/", bundles.AddToBundle.as_view(), name="desk-bundle-add"),
    path(f"{BUNDLE_PATH}take-out/", bundles.TakeOutOfBundle.as_view(), name="desk-bundle-take-out"),
    path("desk/bulk/", bulk_changes.BulkChanges.as_view(), name="desk-bulk"),
    path("desk/claims/", claims.ClaimList.as_view(), name="desk-claims"),
    path(CLAIM_PATH, claims.ClaimDetail.as_view(), name="desk-claim"),
    path(f"{CLAIM_PATH}answer/", claims.AnswerClaim.as_view(), name="desk-claim-answer"),
    path(f"{CLAIM_PATH}publish/", claims.PublishClaim.as_view(), name="desk-claim-publish"),
    path(f"{CLAIM_PATH}arbitrate/", claims.ArbitrateClaim.as_view(), name="desk-claim-arbitrate"),
    path(f"{CLAIM_PATH}withdraw/", claims.WithdrawClaim.as_view(), name="desk-claim-withdraw"),
    path("desk/moderation/", moderation.ModerationQueue.as_view(), name="desk-moderation"),
    path("desk/moderation/bulk/", moderation.BulkDecisions.as_view(), name="desk-moderation-bulk"),
    path(
        "desk/moderation/<int:comment_id>/",
        moderation.ModerationDetail.as_view(),
        name="desk-moderation-item",
    ),
    path(
        "desk/moderation/<int:comment_id>/lease/",
        moderation.ModerationLease.as_view(),
        name="desk-moderation-lease",
    ),
    path(
        "desk/comments/<int:comment_id>/decision/",
        moderation.CommentDecision.as_view(),
        name="desk-comment-decision",
    ),
    path("desk/notices/", notices.NoticeList.as_view(), name="desk-notices"),
    path(
        "desk/notices/<int:notice_id>/seen/", notices.NoticeSeen.as_view(), name="desk-notice-seen"
    ),
    path(f"{POLL_PATH}timeline/", polls.PollTimeline.as_view(), name="desk-poll-timeline"),
    path(f"{POLL_PATH}void/", polls.VoidVotes.as_view(), name="desk-poll-void"),
    path(f"{POLL_PATH}release/", polls.ReleaseVotes.as_view(), name="desk-poll-release"),
    path(f"{POLL_PATH}undo/", polls.UndoVotes.as_view(), name="desk-poll-undo"),
    path(
        "desk/readers/<int:reader_id>/sanctions/",
        sanctions.ReaderSanctions.as_view(),
        name="desk-reader-sanctions",
    ),
    path(
        "desk/readers/<int:reader_id>/sanctions/<int:sanction_id>/",
        sanctions.ReaderSanction.as_view(),
        name="desk-reader-sanction",
    ),
    path("desk/photos/", photos.PhotoList.as_view(), name="desk-photos"),
    path("desk/photos/<int:photo_id>/", photos.PhotoDetail.as_view(), name="desk-photo"),
    path(
        "desk/wire/<int:story_id>/draft/", releases.DraftFromWire.as_view(), name="desk-from-wire"
    ),
]
