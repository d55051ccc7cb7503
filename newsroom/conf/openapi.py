"""Settings of drf-spectacular, which writes the OpenAPI document."""

SPECTACULAR_SETTINGS = {
    "TITLE": "Newsroom API",
    "DESCRIPTION": "Readers read, staff write and publish. Errors are RFC 9457 problem documents.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "LICENSE": {"name": "MIT", "identifier": "MIT"},
    "SERVERS": [{"url": "/", "description": "This newsroom."}],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "newsroom.api.openapi.schema.postprocess_schema",
    ],
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1/",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "COMPONENT_SPLIT_PATCH": False,  # what a change must hold, it must hold in a PATCH as well
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "ReactionEnum": "comments.models.Reaction.Value",
        "PollStateEnum": "polls.models.Poll.State",
        "CommentStateEnum": "comments.api.serializers.STATES",
        "ChoiceEnum": "polls.models.Choice",
        "DraftOutStateEnum": "desk.api.serializers.drafts.STATES",
        "DraftMemberEnum": "desk.api.serializers.versions.DRAFT_MEMBERS",
        "DraftVersionKindEnum": "desk.models.DraftVersion.Kind",
        "VersionMarkKindEnum": "desk.models.VersionMark.Kind",
        "DiffRowKindEnum": "desk.api.serializers.versions.ROW_KINDS",
        "DiffOperationEnum": "desk.api.serializers.versions.OPERATIONS",
        "ReleaseStateEnum": "desk.models.Release.State",
        "ClaimKindEnum": "desk.models.Claim.Kind",
        "ClaimStateEnum": "desk.models.Claim.State",
        "BulkKindEnum": "desk.actions.bulk_changes.BulkKind",
        "WireStatusEnum": "wire.models.Story.Status",
        "WireDeliveryStatusEnum": "wire.models.Delivery.Status",
    },
}
