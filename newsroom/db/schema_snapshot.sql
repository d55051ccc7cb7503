-- Written by `make schema` (newsroom/db/schema_snapshot.py).
-- migration account 0001_initial 6f27ff6bdf57521a
-- migration account 0002_email_max_length c956ab7a3c3660a1
-- migration account 0003_alter_emailaddress_create_unique_verified_email 66b6f1939621bcfa
-- migration account 0004_alter_emailaddress_drop_unique_email ebc6317e90c47d7a
-- migration account 0005_emailaddress_idx_upper_email e7569f1662da1754
-- migration account 0006_emailaddress_lower 54adb08cb3fba66b
-- migration account 0007_emailaddress_idx_email 87fad70bfde8ae29
-- migration account 0008_emailaddress_unique_primary_email_fixup 794bf875bdbef9c4
-- migration account 0009_emailaddress_unique_primary_email 79762cfa7b1e1d7c
-- migration accounts 0001_initial f6bf8530ba6b4f17
-- migration accounts 0002_identities a6397c978871fbe9
-- migration accounts 0003_nickname_keys_by_tr39 b44a60209799a2b2
-- migration accounts 0004_sanction_ids aec9af77fd550cb8
-- migration accounts 0005_user_sessions 91b71d69933eae83
-- migration accounts 0006_ignored_consents_closing f1168f1012431fd1
-- migration accounts 0007_sanctions 1bd3a1b66e8a5396
-- migration accounts 0008_rule_of_retained_sanctions b34ee5b7c5965411
-- migration admin 0001_initial f4716989d9815b62
-- migration admin 0002_logentry_remove_auto_add 2c127e659a2236ed
-- migration admin 0003_logentry_add_action_flag_choices 02700a827190720e
-- migration articles 0001_initial 86d62ddb23c3058a
-- migration articles 0002_freeze_editions c22ea388bda3e325
-- migration articles 0003_search_index 77dcdfd60b482a16
-- migration articles 0004_count_referrers 682a4eb6da6d29bc
-- migration articles 0005_erasure_permit 057138d2bedd6d8d
-- migration articles 0006_section_needs_approval 9ed6bb7beaf5ff0e
-- migration articles 0007_boxed_articles 862e54ff3190f4da
-- migration articles 0008_add_seo_fields a6807c5cb855dbdc
-- migration articles 0009_boxed_articles_by_identifier ed7f332384ac4384
-- migration articles 0010_index_never_published f153efd71fc2795c
-- migration articles 0011_comments_close_at fd20ec65bb883109
-- migration audit 0001_initial de966b67ab93f173
-- migration audit 0002_append_only 12b1469f2129de45
-- migration audit 0003_redaction_permit 88d5596bd1137d12
-- migration auth 0001_initial 845cff319606332f
-- migration auth 0002_alter_permission_name_max_length feaf97e0e8f7d148
-- migration auth 0003_alter_user_email_max_length 9d5657b4db9872dc
-- migration auth 0004_alter_user_username_opts 9538db342c9a9bec
-- migration auth 0005_alter_user_last_login_null 79f60a35dc000fdd
-- migration auth 0006_require_contenttypes_0002 00cb16e3405f14b6
-- migration auth 0007_alter_validators_add_error_messages 115db87dc327530f
-- migration auth 0008_alter_user_username_max_length 02857f65f7d64814
-- migration auth 0009_alter_user_last_name_max_length 19a89500e7f108a7
-- migration auth 0010_alter_group_name_max_length 0963ed6498ac0b3a
-- migration auth 0011_update_proxy_permissions 85a5dde708dc4b61
-- migration auth 0012_alter_user_first_name_max_length 6cefbc9f80903763
-- migration comments 0001_initial b1ba027acbdcdb01
-- migration comments 0002_known_commenters 614e23548eaf969e
-- migration comments 0003_writers_before_are_known 8b56b423058c081f
-- migration comments 0004_similarity_bands 05eca2e0967d46b3
-- migration comments 0005_notifications 345f777984b39c38
-- migration comments 0006_thread_columns 0f5a635ccdadab77
-- migration comments 0007_count_visible_replies b9e5b845442455f5
-- migration comments 0008_thread_policies c9963777141f47c7
-- migration comments 0009_parent_by_partial_indexes bac78a1430e2bbba
-- migration comments 0010_word_lists_findings_classifications 6814fb1a96d58d12
-- migration comments 0011_seed_word_list 9cbd363eb4d78c36
-- migration comments 0012_moderation_queue 1fe946179f7384a3
-- migration comments 0013_decision_reasons 0af5409315e2b1cc
-- migration comments 0014_items_of_waiting_comments 40e95148189ec67c
-- migration comments 0015_procedures ef4dee7f24e4186b
-- migration comments 0016_count_check 89e791d606fedfd8
-- migration comments 0017_surge_alerts 30eb525199b8e584
-- migration comments 0018_notifications_of_procedures d344566a594d93e8
-- migration comments 0019_sanctions_of_notifications 72604d84d82c06ae
-- migration comments 0020_restrictions_of_surges 017b51b52fd4524c
-- migration comments 0021_threads_of_every_state a6b9dbdb7505e0d6
-- migration comments 0022_join_requests_and_queue_notices cb0bea1c325563d0
-- migration comments 0023_pin_before_a_decision fe7a99a47e3325f1
-- migration comments 0024_newest_first_alone ceeffc38ec2b6c11
-- migration comments 0025_pin_before_reports 105db964be1c4ca8
-- migration contenttypes 0001_initial 35ed8489a147e0b4
-- migration contenttypes 0002_remove_content_type_name 7d36494075750f0e
-- migration desk 0001_initial 0af9bb13d6f62dd2
-- migration desk 0002_roles 3a839f5bea19f578
-- migration desk 0003_draft_versions 9d5b5f32403a54da
-- migration desk 0004_versions_are_immutable ad38903ad6b9de1b
-- migration desk 0005_index_drafts_for_lists 5714d4cbf7adf269
-- migration desk 0006_claims 133c534486da9a36
-- migration desk 0007_claim_roles c1d6db65745aeaf3
-- migration desk 0008_erasures 54016d2c79a191dc
-- migration desk 0009_erasure_roles 1a85aea5466548e8
-- migration desk 0010_section_roles_and_assignment d643dd4227ee715d
-- migration desk 0011_edit_locks_and_presence dbdbc1cbca6835de
-- migration desk 0012_remarks 180c806a25aa24f2
-- migration desk 0013_add_seo_fields 842650e6785dc200
-- migration desk 0014_index_due_times_and_trash 812baee9dfdda537
-- migration desk 0015_link_checks e93ef81e6f17511c
-- migration desk 0016_link_state_of_other_ports 90e1cde1cec3ec5e
-- migration desk 0017_count_link_check_attempts 917469f9bf19a1e9
-- migration desk 0018_kept_addresses b33ce6203cec6394
-- migration desk 0019_wire_holds 6a9ded30aa47a956
-- migration desk 0020_suggestions 45ff86327d75dc3b
-- migration desk 0021_suggestions_taken_over 52a102caa411ac6c
-- migration desk 0022_name_cancellations_by_hand 730c4f9bea678d64
-- migration desk 0023_moderation_roles 42ab204a0e943ef4
-- migration media 0001_initial 968ce1678843580f
-- migration media 0002_photo_rights a76b09671b93dab7
-- migration mfa 0001_initial a42b6353f2ed5dd7
-- migration mfa 0002_authenticator_timestamps b6566eb07301e2e4
-- migration mfa 0003_authenticator_type_uniq 88550a456154080c
-- migration outbox 0001_initial 9eb015b5d76472a3
-- migration outbox 0002_invalidations ce5993489b3fe725
-- migration polls 0001_initial dc71c9ec3bda9965
-- migration polls 0002_vote_states 52eee1593339152c
-- migration polls 0003_index_vote_states ed7eedd14289345f
-- migration polls 0004_kept_tallies 547c68670a13ae08
-- migration polls 0005_keys_from_vote_secret 406b33d533ed70a2
-- migration polls 0006_election_blackouts ea2fc94ae3e92eca
-- migration polls 0007_previous_decisions a1911457fc4e8a36
-- migration polls 0008_votes_by_hour c8389ce45a7a1f06
-- migration saves 0001_initial 82b58935a2a82c1b
-- migration sessions 0001_initial 2aa438e2393ee513
-- migration socialaccount 0001_initial 3647538d149b8190
-- migration socialaccount 0002_token_max_lengths 1f6fc8859622f595
-- migration socialaccount 0003_extra_data_default_dict e8b6fe9e20bed061
-- migration socialaccount 0004_app_provider_id_settings 82163ba3cc18a1ea
-- migration socialaccount 0005_socialtoken_nullable_app f023fe1a501c3e63
-- migration socialaccount 0006_alter_socialaccount_extra_data d1de2c79db317f6f
-- migration wire 0001_initial c53c20e23c0c2f2a
-- migration wire 0002_keep_deliveries 1cbbbbc285f101c6
-- migration wire 0003_yonhap_source 7b1b19dd364071bb
-- migration wire 0004_index_embargoes c8d4c877c685aa2c
-- migration wire 0005_structured_formats 3329bbf7483edcad
-- migration wire 0006_unsupported_deliveries 758be254c1db4509
-- migration wire 0007_match_stories b0639fa54e675154
-- migration wire 0008_source_formats 49a7cc9fd4a37fbf
-- migration wire 0009_channels_and_story_photos 5265c7d88d1ec71d
-- migration wire 0010_index_inbox_filters 8de045f4e5a842c4
-- migration wire 0011_overrule_withholdings 04e3420d1d7bbf6b
-- migration wire 0012_known_texts_of_deliveries 88ecb0cfe338ed8e
-- migration wire 0013_index_versions 23aabbd256c0f3b0
-- migration wire 0014_inbox_words b7157676036b7923
-- migration wire 0015_unfinished_readings 9f17d5c444af21f8
-- migration wire 0016_last_deliveries 58f4c9093014a921

CREATE TABLE "django_migrations" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "app" varchar(255) NOT NULL, "name" varchar(255) NOT NULL, "applied" datetime NOT NULL);

CREATE TABLE "django_content_type" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "app_label" varchar(100) NOT NULL, "model" varchar(100) NOT NULL);

CREATE TABLE "auth_group_permissions" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "group_id" integer NOT NULL REFERENCES "auth_group" ("id") DEFERRABLE INITIALLY DEFERRED, "permission_id" integer NOT NULL REFERENCES "auth_permission" ("id") DEFERRABLE INITIALLY DEFERRED);

CREATE TABLE "auth_permission" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "content_type_id" integer NOT NULL REFERENCES "django_content_type" ("id") DEFERRABLE INITIALLY DEFERRED, "codename" varchar(100) NOT NULL, "name" varchar(255) NOT NULL);

CREATE TABLE "auth_group" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(150) NOT NULL UNIQUE);

CREATE TABLE "accounts_user_groups" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "user_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "group_id" integer NOT NULL REFERENCES "auth_group" ("id") DEFERRABLE INITIALLY DEFERRED);

CREATE TABLE "accounts_user_user_permissions" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "user_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "permission_id" integer NOT NULL REFERENCES "auth_permission" ("id") DEFERRABLE INITIALLY DEFERRED);

CREATE TABLE "accounts_knownclient" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "digest" varchar(64) NOT NULL, "seen_at" datetime NOT NULL, "user_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "one_row_per_known_client" UNIQUE ("user_id", "digest"));

CREATE TABLE "accounts_signinalert" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "digest" varchar(64) NOT NULL, "email" varchar(254) NOT NULL, "failures" integer unsigned NOT NULL CHECK ("failures" >= 0), "at" datetime NOT NULL, "mailed_at" datetime NULL, "user_id" bigint NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED);

CREATE TABLE "accounts_token" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "label" varchar(80) NOT NULL, "digest" varchar(64) NOT NULL UNIQUE, "scopes" text NOT NULL CHECK ((JSON_VALID("scopes") OR "scopes" IS NULL)), "created_at" datetime NOT NULL, "expires_at" datetime NULL, "revoked_at" datetime NULL, "security_stamp" varchar(32) NOT NULL, "user_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED);

CREATE TABLE "account_emailconfirmation" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "created" datetime NOT NULL, "sent" datetime NULL, "key" varchar(64) NOT NULL UNIQUE, "email_address_id" integer NOT NULL REFERENCES "account_emailaddress" ("id") DEFERRABLE INITIALLY DEFERRED);

CREATE TABLE "account_emailaddress" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "verified" bool NOT NULL, "primary" bool NOT NULL, "user_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "email" varchar(254) NOT NULL);

CREATE TABLE "django_session" ("session_key" varchar(40) NOT NULL PRIMARY KEY, "session_data" text NOT NULL, "expire_date" datetime NOT NULL);

CREATE TABLE "accounts_emailcode" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "email" varchar(254) NOT NULL, "digest" varchar(64) NOT NULL, "tries" smallint unsigned NOT NULL CHECK ("tries" >= 0), "sent_at" datetime NOT NULL, "expires_at" datetime NOT NULL, "user_id" bigint NOT NULL UNIQUE REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED);

CREATE TABLE "accounts_nicknamechange" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "former" varchar(20) NOT NULL, "former_key" varchar(60) NOT NULL, "nickname" varchar(20) NOT NULL, "by_staff" bool NOT NULL, "changed_at" datetime NOT NULL, "user_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED);

CREATE TABLE "accounts_usersession" ("session_key" varchar(40) NOT NULL PRIMARY KEY, "session_data" text NOT NULL, "expire_date" datetime NOT NULL, "last_used_at" datetime NOT NULL, "user_id" bigint NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED);

CREATE TABLE "accounts_consent" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "kind" varchar(10) NOT NULL, "version" varchar(20) NOT NULL, "given_at" datetime NOT NULL, "ended_at" datetime NULL, "ended_by" varchar(10) NOT NULL, "user_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED);

CREATE TABLE "accounts_ignoredreader" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "since" datetime NOT NULL, "author_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "reader_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "one_row_per_reader_and_ignored_author" UNIQUE ("reader_id", "author_id"), CONSTRAINT "nobody_ignores_oneself" CHECK (NOT ("reader_id" = ("author_id"))));

CREATE TABLE "accounts_user" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "password" varchar(128) NOT NULL, "last_login" datetime NULL, "is_superuser" bool NOT NULL, "email" varchar(254) NOT NULL, "holds_email" bool NOT NULL, "name" varchar(60) NOT NULL, "nickname" varchar(20) NOT NULL, "nickname_key" varchar(60) NOT NULL UNIQUE, "is_staff" bool NOT NULL, "is_active" bool NOT NULL, "suspended_until" datetime NULL, "suspension_reason" varchar(200) NOT NULL, "date_joined" datetime NOT NULL, "security_stamp" varchar(32) NOT NULL, "closing_at" datetime NULL, "consented_versions" varchar(80) NULL, "suspension_kind" varchar(4) NOT NULL);

CREATE TABLE "accounts_sanction" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "kind" varchar(4) NOT NULL, "reason_code" varchar(13) NOT NULL, "reason" varchar(200) NOT NULL, "starts_at" datetime NOT NULL, "until" datetime NULL, "lifted_at" datetime NULL, "imposed_by_id" bigint NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "lifted_by_id" bigint NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "replaced_by_id" bigint NULL REFERENCES "accounts_sanction" ("id") DEFERRABLE INITIALLY DEFERRED, "user_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "a_restriction_has_an_end" CHECK (("kind" = 'warn' OR "until" IS NOT NULL)), CONSTRAINT "a_sanction_is_of_a_known_kind" CHECK ("kind" IN ('warn', 'hold', 'mute', 'ban')));

CREATE TABLE "accounts_retainedsanction" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "digest" varchar(64) NOT NULL, "until" datetime NOT NULL, "reason" varchar(200) NOT NULL, "user_id" bigint NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "sanction" varchar(32) NOT NULL, "kind" varchar(4) NOT NULL, "reason_code" varchar(13) NOT NULL, CONSTRAINT "one_row_per_digest_of_sanction" UNIQUE ("digest", "sanction"));

CREATE TABLE "django_admin_log" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "object_id" text NULL, "object_repr" varchar(200) NOT NULL, "action_flag" smallint unsigned NOT NULL CHECK ("action_flag" >= 0), "change_message" text NOT NULL, "content_type_id" integer NULL REFERENCES "django_content_type" ("id") DEFERRABLE INITIALLY DEFERRED, "user_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "action_time" datetime NOT NULL);

CREATE TABLE "polls_side" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "key" varchar(3) NOT NULL, "label" varchar(20) NOT NULL, "persona" varchar(20) NOT NULL, "avatar" varchar(20) NOT NULL, "argument" varchar(300) NOT NULL, "poll_id" bigint NOT NULL REFERENCES "polls_poll" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "a_side_stands_once_in_a_poll" UNIQUE ("poll_id", "key"), CONSTRAINT "a_side_is_pro_or_con" CHECK ("key" IN ('pro', 'con')));

CREATE TABLE "polls_votedecision" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "from_state" varchar(7) NOT NULL, "to_state" varchar(7) NOT NULL, "rule" varchar(7) NOT NULL, "since" datetime NULL, "until" datetime NULL, "reason" varchar(300) NOT NULL, "count" integer unsigned NOT NULL CHECK ("count" >= 0), "made_at" datetime NOT NULL, "undone_at" datetime NULL, "by_id" bigint NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "poll_id" bigint NOT NULL REFERENCES "polls_poll" ("id") DEFERRABLE INITIALLY DEFERRED, "previous_id" bigint NULL REFERENCES "polls_votedecision" ("id") DEFERRABLE INITIALLY DEFERRED, "part_of_id" bigint NULL REFERENCES "polls_votedecision" ("id") DEFERRABLE INITIALLY DEFERRED);

CREATE TABLE "polls_tally" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "slot" smallint unsigned NOT NULL CHECK ("slot" >= 0), "pro" bigint NOT NULL, "con" bigint NOT NULL, "poll_id" bigint NOT NULL REFERENCES "polls_poll" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "one_tally_per_poll_and_slot" UNIQUE ("poll_id", "slot"));

CREATE TABLE "media_pendingupload" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "original" varchar(200) NOT NULL, "next_attempt_at" datetime NOT NULL, "attempts" smallint unsigned NOT NULL CHECK ("attempts" >= 0), "photo_id" bigint NOT NULL UNIQUE REFERENCES "media_photo" ("id") DEFERRABLE INITIALLY DEFERRED);

CREATE TABLE "media_photo" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "key" varchar(24) NOT NULL UNIQUE, "title" varchar(200) NOT NULL, "alt" varchar(250) NOT NULL, "caption" varchar(300) NOT NULL, "credit" varchar(120) NOT NULL, "focal_x" real NOT NULL, "focal_y" real NOT NULL, "width" integer unsigned NOT NULL CHECK ("width" >= 0), "height" integer unsigned NOT NULL CHECK ("height" >= 0), "placeholder" text NOT NULL, "sources" text NOT NULL CHECK ((JSON_VALID("sources") OR "sources" IS NULL)), "digest" varchar(64) NOT NULL, "state" varchar(10) NOT NULL, "failure" varchar(40) NOT NULL, "version" integer unsigned NOT NULL CHECK ("version" >= 0), "public" bool NOT NULL, "uploaded_at" datetime NOT NULL, "uploaded_by_id" bigint NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "resale_prohibited" bool NOT NULL, "rights" text NOT NULL);

CREATE TABLE "articles_author" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(40) NOT NULL, "slug" varchar(60) NOT NULL UNIQUE, "role" varchar(20) NOT NULL, "title" varchar(40) NOT NULL, "bio" varchar(300) NOT NULL);

CREATE TABLE "articles_countedbatch" ("uid" char(32) NOT NULL PRIMARY KEY, "at" datetime NOT NULL);

CREATE TABLE "articles_sitemapmonth" ("first_day" date NOT NULL PRIMARY KEY, "stories" integer unsigned NOT NULL CHECK ("stories" >= 0), "changed_at" datetime NULL);

CREATE TABLE "articles_sweepcursor" ("name" varchar(40) NOT NULL PRIMARY KEY, "position" bigint NOT NULL);

CREATE TABLE "articles_suggestedword" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "word" varchar(40) NOT NULL UNIQUE, "spelling" varchar(400) NOT NULL, "leads" varchar(100) NOT NULL, "stories" integer unsigned NOT NULL CHECK ("stories" >= 0));

CREATE TABLE "articles_tag" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(40) NOT NULL UNIQUE, "slug" varchar(60) NOT NULL UNIQUE);

CREATE TABLE "articles_articlecounts" ("article_id" bigint NOT NULL PRIMARY KEY REFERENCES "articles_article" ("id") DEFERRABLE INITIALLY DEFERRED, "comments" integer unsigned NOT NULL CHECK ("comments" >= 0), "saves" integer unsigned NOT NULL CHECK ("saves" >= 0), "views" bigint unsigned NOT NULL CHECK ("views" >= 0));

CREATE TABLE "articles_change" ("article_id" bigint NOT NULL PRIMARY KEY REFERENCES "articles_article" ("id") DEFERRABLE INITIALLY DEFERRED, "position" bigint NOT NULL UNIQUE, "kind" varchar(10) NOT NULL, "at" datetime NOT NULL);

CREATE TABLE "articles_searchrow" ("article_id" bigint NOT NULL PRIMARY KEY REFERENCES "articles_article" ("id") DEFERRABLE INITIALLY DEFERRED, "edition_id" bigint NOT NULL, "sort_key" bigint NOT NULL UNIQUE, "text" text NOT NULL);

CREATE TABLE "articles_formerslug" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "slug" varchar(120) NOT NULL UNIQUE, "since" datetime NOT NULL, "article_id" bigint NOT NULL REFERENCES "articles_article" ("id") DEFERRABLE INITIALLY DEFERRED);

CREATE TABLE "articles_masthead" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(60) NOT NULL, "greeting" varchar(60) NOT NULL, "description" varchar(200) NOT NULL, "tip_address" varchar(254) NOT NULL, "publisher" varchar(60) NOT NULL, "editor" varchar(60) NOT NULL, "company" varchar(80) NOT NULL, "address" varchar(160) NOT NULL, "phone" varchar(30) NOT NULL, "registration_number" varchar(40) NOT NULL, "registered_on" date NULL, "founded_on" date NULL, "youth_officer" varchar(60) NOT NULL, "copyright" varchar(200) NOT NULL, CONSTRAINT "there_is_one_masthead" CHECK ("id" = 1));

CREATE TABLE "articles_suggestedby" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "article_id" bigint NOT NULL REFERENCES "articles_article" ("id") DEFERRABLE INITIALLY DEFERRED, "word_id" bigint NOT NULL REFERENCES "articles_suggestedword" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "a_story_suggests_a_word_once" UNIQUE ("article_id", "word_id"));

CREATE TABLE "articles_tagging" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "position" smallint unsigned NOT NULL CHECK ("position" >= 0), "first_published_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL, "article_id" bigint NOT NULL REFERENCES "articles_article" ("id") DEFERRABLE INITIALLY DEFERRED, "tag_id" bigint NOT NULL REFERENCES "articles_tag" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "a_tag_stands_once" UNIQUE ("article_id", "tag_id"));

CREATE TABLE "articles_byline" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "position" smallint unsigned NOT NULL CHECK ("position" >= 0), "first_published_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL, "article_id" bigint NOT NULL REFERENCES "articles_article" ("id") DEFERRABLE INITIALLY DEFERRED, "author_id" bigint NOT NULL REFERENCES "articles_author" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "an_author_signs_once" UNIQUE ("article_id", "author_id"));

CREATE TABLE "articles_appearance" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "published_at" datetime NOT NULL, "article_id" bigint NOT NULL REFERENCES "articles_article" ("id") DEFERRABLE INITIALLY DEFERRED, "edition_id" bigint NOT NULL REFERENCES "articles_edition" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "an_edition_appears_once" UNIQUE ("edition_id"));

CREATE TABLE "articles_relatedarticle" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "score" integer unsigned NOT NULL CHECK ("score" >= 0), "article_id" bigint NOT NULL, "related_id" bigint NOT NULL, CONSTRAINT "a_related_article_stands_once" UNIQUE ("article_id", "related_id"));

CREATE TABLE "articles_photouse" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "article_id" bigint NOT NULL REFERENCES "articles_article" ("id") DEFERRABLE INITIALLY DEFERRED, "photo_id" bigint NOT NULL REFERENCES "media_photo" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "a_photo_use_stands_once" UNIQUE ("article_id", "photo_id"));

CREATE TABLE "articles_pick" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "position" smallint unsigned NOT NULL CHECK ("position" >= 0), "article_id" bigint NOT NULL REFERENCES "articles_article" ("id") DEFERRABLE INITIALLY DEFERRED, "related_id" bigint NOT NULL, CONSTRAINT "a_pick_stands_once" UNIQUE ("article_id", "related_id"));

CREATE TABLE "articles_popularityrank" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "window" varchar(4) NOT NULL, "views" bigint unsigned NOT NULL CHECK ("views" >= 0), "article_id" bigint NOT NULL, CONSTRAINT "a_story_is_ranked_once_a_window" UNIQUE ("window", "article_id"));

CREATE TABLE "articles_hourlyviews" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hour" datetime NOT NULL, "views" bigint unsigned NOT NULL CHECK ("views" >= 0), "article_id" bigint NOT NULL, CONSTRAINT "an_hour_is_counted_once" UNIQUE ("article_id", "hour"));

CREATE TABLE "articles_feedchange" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "first_published_at" datetime NOT NULL, "at" datetime NOT NULL, "settled_at" datetime NULL, "section_id" bigint NULL REFERENCES "articles_section" ("id") DEFERRABLE INITIALLY DEFERRED);

CREATE TABLE "articles_article" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "uid" char(32) NOT NULL UNIQUE, "slug" varchar(120) NOT NULL UNIQUE, "comments_mode" varchar(6) NOT NULL, "corrections" text NOT NULL CHECK ((JSON_VALID("corrections") OR "corrections" IS NULL)), "first_published_at" datetime NULL, "published_at" datetime NULL, "withdrawn_at" datetime NULL, "notice" text NOT NULL, "embargo_until" datetime NULL, "expires_at" datetime NULL, "held_at" datetime NULL, "indexed_edition" bigint DEFAULT 0 NOT NULL, "change_feed_state" bigint DEFAULT 0 NOT NULL, "lead_photo_id" bigint NULL REFERENCES "media_photo" ("id") DEFERRABLE INITIALLY DEFERRED, "poll_id" bigint NULL REFERENCES "polls_poll" ("id") DEFERRABLE INITIALLY DEFERRED, "section_id" bigint NULL REFERENCES "articles_section" ("id") DEFERRABLE INITIALLY DEFERRED, "live_id" bigint NULL UNIQUE REFERENCES "articles_edition" ("id") DEFERRABLE INITIALLY DEFERRED, "social_photo_id" bigint NULL REFERENCES "media_photo" ("id") DEFERRABLE INITIALLY DEFERRED, "comments_close_at" datetime NULL, "comments_slow_seconds" integer unsigned NULL CHECK ("comments_slow_seconds" >= 0), CONSTRAINT "withdrawn_is_not_live" CHECK (("live_id" IS NULL OR "withdrawn_at" IS NULL)), CONSTRAINT "live_has_its_times" CHECK (("live_id" IS NULL OR ("first_published_at" IS NOT NULL AND "published_at" IS NOT NULL))), CONSTRAINT "live_is_past_its_embargo" CHECK (("live_id" IS NULL OR "embargo_until" IS NULL OR "published_at" >= ("embargo_until"))));

CREATE VIRTUAL TABLE articles_searchwords USING fts5(grams, detail=none, columnsize=0, tokenize="unicode61 remove_diacritics 0 tokenchars '_#@'");

CREATE TABLE "articles_recentview" ("key" varchar(64) NOT NULL PRIMARY KEY, "article_id" bigint NOT NULL, "at" datetime NOT NULL, "waiting" integer unsigned NOT NULL CHECK ("waiting" >= 0), "referrer" varchar(8) DEFAULT 'direct' NOT NULL);

CREATE TABLE "articles_referrerviews" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "day" date NOT NULL, "referrer" varchar(8) NOT NULL, "views" bigint unsigned NOT NULL CHECK ("views" >= 0), "article_id" bigint NOT NULL, CONSTRAINT "a_referrer_is_counted_once_a_day" UNIQUE ("article_id", "day", "referrer"));

CREATE TABLE "articles_erasurepermit" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT);

CREATE TABLE "articles_section" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(40) NOT NULL, "slug" varchar(60) NOT NULL UNIQUE, "position" smallint unsigned NOT NULL CHECK ("position" >= 0), "needs_approval" bool NOT NULL);

CREATE TABLE "articles_edition" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "number" integer unsigned NOT NULL CHECK ("number" >= 0), "slug" varchar(120) NOT NULL, "headline" varchar(200) NOT NULL, "deck" varchar(300) NOT NULL, "summary" text NOT NULL CHECK ((JSON_VALID("summary") OR "summary" IS NULL)), "body" text NOT NULL, "body_html" text NOT NULL, "byline" varchar(300) NOT NULL, "lead_photo_text" text NULL CHECK ((JSON_VALID("lead_photo_text") OR "lead_photo_text" IS NULL)), "author_ids" text NOT NULL CHECK ((JSON_VALID("author_ids") OR "author_ids" IS NULL)), "tag_ids" text NOT NULL CHECK ((JSON_VALID("tag_ids") OR "tag_ids" IS NULL)), "related_ids" text NOT NULL CHECK ((JSON_VALID("related_ids") OR "related_ids" IS NULL)), "source_name" varchar(120) NOT NULL, "source_url" varchar(500) NOT NULL, "source_credit" varchar(200) NOT NULL, "ai_kind" varchar(20) NOT NULL, "ai_note" varchar(300) NOT NULL, "comments_mode" varchar(6) NOT NULL, "correction_kind" varchar(20) NOT NULL, "correction_note" text NOT NULL, "frozen_at" datetime NOT NULL, "article_id" bigint NOT NULL REFERENCES "articles_article" ("id") DEFERRABLE INITIALLY DEFERRED, "lead_photo_id" bigint NULL REFERENCES "media_photo" ("id") DEFERRABLE INITIALLY DEFERRED, "poll_id" bigint NULL REFERENCES "polls_poll" ("id") DEFERRABLE INITIALLY DEFERRED, "section_id" bigint NOT NULL REFERENCES "articles_section" ("id") DEFERRABLE INITIALLY DEFERRED, "seo_description" varchar(300) NOT NULL, "seo_title" varchar(120) NOT NULL, "social_photo_id" bigint NULL REFERENCES "media_photo" ("id") DEFERRABLE INITIALLY DEFERRED, "social_photo_text" text NULL CHECK ((JSON_VALID("social_photo_text") OR "social_photo_text" IS NULL)), CONSTRAINT "edition_number_once_per_article" UNIQUE ("article_id", "number"));

CREATE TABLE "articles_boxedarticle" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "article_id" bigint NOT NULL REFERENCES "articles_article" ("id") DEFERRABLE INITIALLY DEFERRED, "related_uid" char(32) NOT NULL, CONSTRAINT "a_boxed_article_stands_once" UNIQUE ("article_id", "related_uid"));

CREATE TABLE "audit_entry" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "at" datetime NOT NULL, "by" bigint NULL, "by_name" varchar(254) NOT NULL, "verb" varchar(40) NOT NULL, "kind" varchar(60) NOT NULL, "subject" varchar(60) NOT NULL, "label" varchar(250) NOT NULL, "details" text NOT NULL CHECK ((JSON_VALID("details") OR "details" IS NULL)));

CREATE TABLE "audit_redactionpermit" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "kind" varchar(60) NOT NULL, "subject" varchar(60) NOT NULL);

CREATE TABLE "comments_reaction" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "value" varchar(7) NOT NULL, "reacted_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL, "comment_id" bigint NOT NULL REFERENCES "comments_comment" ("id") DEFERRABLE INITIALLY DEFERRED, "reader_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "one_reaction_per_comment_and_reader" UNIQUE ("comment_id", "reader_id"), CONSTRAINT "a_reaction_likes_or_dislikes" CHECK ("value" IN ('like', 'dislike')));

CREATE TABLE "comments_commenter" ("reader_id" bigint NOT NULL PRIMARY KEY REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "approved" integer unsigned NOT NULL CHECK ("approved" >= 0));

CREATE TABLE "comments_similarityband" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "band" smallint unsigned NOT NULL CHECK ("band" >= 0), "posted_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL, "article_id" bigint NOT NULL REFERENCES "articles_article" ("id") DEFERRABLE INITIALLY DEFERRED, "comment_id" bigint NOT NULL REFERENCES "comments_comment" ("id") DEFERRABLE INITIALLY DEFERRED);

CREATE TABLE "comments_notificationpreferences" ("reader_id" bigint NOT NULL PRIMARY KEY REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "replies_on_screen" bool NOT NULL, "replies_by_mail" bool NOT NULL, "mentions_on_screen" bool NOT NULL, "mentions_by_mail" bool NOT NULL, "decisions_on_screen" bool NOT NULL, "decisions_by_mail" bool NOT NULL, "sanctions_on_screen" bool NOT NULL, "sanctions_by_mail" bool NOT NULL, "last_mailed_at" datetime NULL);

CREATE TABLE "comments_idempotencykey" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "key" varchar(64) NOT NULL, "request_digest" varchar(64) NOT NULL, "used_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL, "comment_id" bigint NOT NULL REFERENCES "comments_comment" ("id") DEFERRABLE INITIALLY DEFERRED, "reader_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "one_comment_per_reader_and_idempotency_key" UNIQUE ("reader_id", "key"));

CREATE TABLE "comments_comment" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "text" text NOT NULL, "state" varchar(8) NOT NULL, "reason" varchar(200) NOT NULL, "fingerprint" varchar(64) NOT NULL, "version" integer unsigned NOT NULL CHECK ("version" >= 0), "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL, "edited_at" datetime NULL, "likes" integer unsigned DEFAULT 0 NOT NULL CHECK ("likes" >= 0), "dislikes" integer unsigned DEFAULT 0 NOT NULL CHECK ("dislikes" >= 0), "score" integer GENERATED ALWAYS AS (("likes" - "dislikes")) STORED, "article_id" bigint NOT NULL REFERENCES "articles_article" ("id") DEFERRABLE INITIALLY DEFERRED, "author_id" bigint NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "is_held" bool GENERATED ALWAYS AS ("state" = 'held') STORED, "visible_replies" integer unsigned DEFAULT 0 NOT NULL CHECK ("visible_replies" >= 0), "pinned_at" datetime NULL, "rank" integer GENERATED ALWAYS AS (CAST(FLOOR((CASE WHEN "likes" = 0 THEN (0.0 - (CAST("dislikes" AS real) / (CAST("dislikes" AS real) + 3.8415999999999997))) ELSE (((CAST("likes" AS real) + 1.9207999999999998) - (1.96 * SQRT((((CAST("likes" AS real) * CAST("dislikes" AS real)) / (CAST("likes" AS real) + CAST("dislikes" AS real))) + 0.9603999999999999)))) / ((CAST("likes" AS real) + CAST("dislikes" AS real)) + 3.8415999999999997)) END * 1000000.0)) AS integer)) STORED, "is_listed" bool GENERATED ALWAYS AS (("state" = 'visible' OR "state" = 'blocked' OR "visible_replies" > 0)) STORED, "parent_id" bigint NULL REFERENCES "comments_comment" ("id") DEFERRABLE INITIALLY DEFERRED, "in_reply_to_id" bigint NULL REFERENCES "comments_comment" ("id") DEFERRABLE INITIALLY DEFERRED);

CREATE TABLE "comments_classification" ("comment_id" bigint NOT NULL PRIMARY KEY REFERENCES "comments_comment" ("id") DEFERRABLE INITIALLY DEFERRED, "comment_version" integer unsigned NOT NULL CHECK ("comment_version" >= 0), "verdict" varchar(8) NOT NULL, "attempts" smallint unsigned NOT NULL CHECK ("attempts" >= 0), "next_attempt_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL, "last_error" varchar(200) NOT NULL, "requested_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL);

CREATE TABLE "comments_wordlist" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "number" integer unsigned NOT NULL UNIQUE CHECK ("number" >= 0), "entries" text NOT NULL CHECK ((JSON_VALID("entries") OR "entries" IS NULL)), "digest" varchar(64) NOT NULL, "note" varchar(200) NOT NULL, "restored_number" integer unsigned NULL CHECK ("restored_number" >= 0), "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL, "created_by_id" bigint NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED);

CREATE TABLE "comments_commentfinding" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "rule" varchar(10) NOT NULL, "match" varchar(40) NOT NULL, "severity" varchar(5) NOT NULL, "start" integer unsigned NOT NULL CHECK ("start" >= 0), "end" integer unsigned NOT NULL CHECK ("end" >= 0), "list_number" integer unsigned NOT NULL CHECK ("list_number" >= 0), "found_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL, "comment_id" bigint NOT NULL REFERENCES "comments_comment" ("id") DEFERRABLE INITIALLY DEFERRED);

CREATE TABLE "comments_wordlisttrial" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "base_number" integer unsigned NOT NULL CHECK ("base_number" >= 0), "entries" text NOT NULL CHECK ((JSON_VALID("entries") OR "entries" IS NULL)), "note" varchar(200) NOT NULL, "days" smallint unsigned NOT NULL CHECK ("days" >= 0), "next_id" bigint NULL, "scanned" integer unsigned NOT NULL CHECK ("scanned" >= 0), "found_by_current" integer unsigned NOT NULL CHECK ("found_by_current" >= 0), "found_by_proposed" integer unsigned NOT NULL CHECK ("found_by_proposed" >= 0), "added" integer unsigned NOT NULL CHECK ("added" >= 0), "released" integer unsigned NOT NULL CHECK ("released" >= 0), "samples" text NOT NULL CHECK ((JSON_VALID("samples") OR "samples" IS NULL)), "applied_number" integer unsigned NULL CHECK ("applied_number" >= 0), "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL, "finished_at" datetime NULL, "created_by_id" bigint NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED);

CREATE TABLE "comments_decisionreason" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "code" varchar(32) NOT NULL UNIQUE, "label_ko" varchar(60) NOT NULL, "label_en" varchar(60) NOT NULL, "message_ko" text NOT NULL, "message_en" text NOT NULL, "position" smallint unsigned NOT NULL CHECK ("position" >= 0), "is_offered" bool NOT NULL);

CREATE TABLE "comments_report" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "reason" varchar(13) NOT NULL, "note" varchar(500) NOT NULL, "reported_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL, "settled_at" datetime NULL, "comment_id" bigint NOT NULL REFERENCES "comments_comment" ("id") DEFERRABLE INITIALLY DEFERRED, "reader_id" bigint NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "outcome" varchar(9) DEFAULT '' NOT NULL, "weight" smallint unsigned DEFAULT 0 NOT NULL CHECK ("weight" >= 0), "settled_by_id" bigint NULL REFERENCES "comments_decision" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "one_report_per_comment_and_reader" UNIQUE ("comment_id", "reader_id"));

CREATE TABLE "comments_decision" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "kind" varchar(4) NOT NULL, "former_state" varchar(8) NOT NULL, "former_reason" varchar(200) NOT NULL, "reason" varchar(200) NOT NULL, "reason_code" varchar(32) NOT NULL, "message_ko" text NOT NULL, "message_en" text NOT NULL, "version" integer unsigned NOT NULL CHECK ("version" >= 0), "was_flagged" bool NOT NULL, "waiting_since" datetime NULL, "decided_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL, "undone_at" datetime NULL, "by_id" bigint NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "comment_id" bigint NOT NULL REFERENCES "comments_comment" ("id") DEFERRABLE INITIALLY DEFERRED, "former_pinned_at" datetime NULL);

CREATE TABLE "comments_moderationitem" ("comment_id" bigint NOT NULL PRIMARY KEY REFERENCES "comments_comment" ("id") DEFERRABLE INITIALLY DEFERRED, "urgency" bigint NOT NULL, "opened_at" datetime NOT NULL, "is_held" bool NOT NULL, "is_reported" bool NOT NULL, "is_flagged" bool NOT NULL, "reports" integer unsigned NOT NULL CHECK ("reports" >= 0), "weight" integer unsigned NOT NULL CHECK ("weight" >= 0), "leased_until" datetime NULL, "leased_by_id" bigint NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "former_pinned_at" datetime NULL);

CREATE TABLE "comments_commentrevision" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "version" integer unsigned NOT NULL CHECK ("version" >= 0), "text" text NOT NULL, "replaced_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL, "comment_id" bigint NOT NULL REFERENCES "comments_comment" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "one_former_text_per_comment_and_version" UNIQUE ("comment_id", "version"));

CREATE TABLE "comments_appeal" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "decision" bigint NOT NULL, "text" text NOT NULL, "state" varchar(8) NOT NULL, "answer" varchar(500) NOT NULL, "filed_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL, "answered_at" datetime NULL, "answered_by_id" bigint NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "comment_id" bigint NULL REFERENCES "comments_comment" ("id") DEFERRABLE INITIALLY DEFERRED, "decided_by_id" bigint NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "reader_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "sanction_id" bigint NULL REFERENCES "accounts_sanction" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "an_appeal_has_one_subject" CHECK ((("comment_id" IS NULL OR "sanction_id" IS NULL) AND 1 = (CASE WHEN "comment_id" IS NULL THEN 1 ELSE 0 END + CASE WHEN "sanction_id" IS NULL THEN 1 ELSE 0 END))), CONSTRAINT "one_appeal_per_decision_on_comment" UNIQUE ("comment_id", "decision"), CONSTRAINT "one_appeal_per_sanction" UNIQUE ("sanction_id"));

CREATE TABLE "comments_countcheck" ("name" varchar(20) NOT NULL PRIMARY KEY, "drift" integer unsigned NOT NULL CHECK ("drift" >= 0), "checked_at" datetime NOT NULL);

CREATE TABLE "comments_notification" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "kind" varchar(20) NOT NULL, "message" varchar(500) NOT NULL, "until" datetime NULL, "created_at" datetime NOT NULL, "on_screen" bool NOT NULL, "read_at" datetime NULL, "mail_at" datetime NULL, "mailed_at" datetime NULL, "attempts" integer unsigned NOT NULL CHECK ("attempts" >= 0), "mail_error" varchar(300) NOT NULL, "comment_id" bigint NULL REFERENCES "comments_comment" ("id") DEFERRABLE INITIALLY DEFERRED, "reader_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "message_en" varchar(500) NOT NULL, "sanction_id" bigint NULL REFERENCES "accounts_sanction" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "a_notification_is_mailed_once" CHECK (("mailed_at" IS NULL OR "mail_at" IS NULL)));

CREATE TABLE "comments_blocknotice" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "recipient" varchar(9) NOT NULL, "kind" varchar(8) NOT NULL, "created_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL, "mailed_at" datetime NULL, "request_id" bigint NOT NULL REFERENCES "comments_blockrequest" ("id") DEFERRABLE INITIALLY DEFERRED, "attempts" smallint unsigned NOT NULL CHECK ("attempts" >= 0), "mail_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NULL, "mail_error" varchar(300) NOT NULL);

CREATE TABLE "comments_blockrequest" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "requester_name" varchar(80) NOT NULL, "requester_email" varchar(254) NOT NULL, "basis" varchar(10) NOT NULL, "statement" text NOT NULL, "state" varchar(8) NOT NULL, "requested_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL, "decided_at" datetime NULL, "note" varchar(500) NOT NULL, "blocked_until" datetime NULL, "former_state" varchar(8) NOT NULL, "objection" text NOT NULL, "objected_at" datetime NULL, "ended_at" datetime NULL, "outcome" varchar(8) NOT NULL, "comment_id" bigint NOT NULL REFERENCES "comments_comment" ("id") DEFERRABLE INITIALLY DEFERRED, "decided_by_id" bigint NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "former_reason" varchar(200) NOT NULL, "joined_to_id" bigint NULL REFERENCES "comments_blockrequest" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "a_block_has_an_end" CHECK ((NOT ("state" = 'blocked') OR "blocked_until" IS NOT NULL)));

CREATE TABLE "comments_surgealert" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "kind" varchar(9) NOT NULL, "peak" integer unsigned NOT NULL CHECK ("peak" >= 0), "expected" integer unsigned NOT NULL CHECK ("expected" >= 0), "started_at" datetime NOT NULL, "last_seen_at" datetime NOT NULL, "ended_at" datetime NULL, "article_id" bigint NULL REFERENCES "articles_article" ("id") DEFERRABLE INITIALLY DEFERRED, "writer_id" bigint NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "former_mode" varchar(7) NOT NULL, "former_slow_seconds" integer unsigned NOT NULL CHECK ("former_slow_seconds" >= 0), "restricted_version" integer unsigned NULL CHECK ("restricted_version" >= 0), "former_newest_first" bool NOT NULL, CONSTRAINT "a_surge_has_one_subject" CHECK ((("article_id" IS NULL OR "writer_id" IS NULL) AND 1 = (CASE WHEN "article_id" IS NULL THEN 1 ELSE 0 END + CASE WHEN "writer_id" IS NULL THEN 1 ELSE 0 END))));

CREATE TABLE "comments_threadpolicy" ("article_id" bigint NOT NULL PRIMARY KEY REFERENCES "articles_article" ("id") DEFERRABLE INITIALLY DEFERRED, "mode" varchar(7) NOT NULL, "slow_mode_seconds" integer unsigned NOT NULL CHECK ("slow_mode_seconds" >= 0), "closes_after_days" integer unsigned NOT NULL CHECK ("closes_after_days" >= 0), "version" integer unsigned NOT NULL CHECK ("version" >= 0), "newest_first" bool NOT NULL);

CREATE TABLE "outbox_event" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "uid" char(32) NOT NULL UNIQUE, "name" varchar(60) NOT NULL, "key" varchar(160) NOT NULL, "data" text NOT NULL CHECK ((JSON_VALID("data") OR "data" IS NULL)), "at" datetime NOT NULL, "fanned_out_at" datetime NULL);

CREATE TABLE "outbox_subscriber" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(80) NOT NULL UNIQUE, "kind" varchar(20) NOT NULL, "url" varchar(500) NOT NULL, "events" text NOT NULL CHECK ((JSON_VALID("events") OR "events" IS NULL)), "secrets" text NOT NULL CHECK ((JSON_VALID("secrets") OR "secrets" IS NULL)), "options" text NOT NULL CHECK ((JSON_VALID("options") OR "options" IS NULL)), "created_at" datetime NOT NULL, "changed_at" datetime NOT NULL, "changed_by" varchar(254) NOT NULL, "disabled_at" datetime NULL, "disabled_reason" varchar(200) NOT NULL, "failing_since" datetime NULL, "failures" integer unsigned NOT NULL CHECK ("failures" >= 0), "paused_until" datetime NULL, "notified_at" datetime NULL, "lease_token" char(32) NULL, "leased_until" datetime NULL, CONSTRAINT "a_subscriber_is_off_for_a_reason" CHECK (("disabled_at" IS NULL OR NOT ("disabled_reason" = ''))), CONSTRAINT "who_is_on_the_way_has_a_time" CHECK ((("lease_token" IS NULL AND "leased_until" IS NULL) OR ("lease_token" IS NOT NULL AND "leased_until" IS NOT NULL))));

CREATE TABLE "outbox_delivery" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "key" varchar(160) NOT NULL, "state" varchar(8) NOT NULL, "attempt_count" integer unsigned NOT NULL CHECK ("attempt_count" >= 0), "next_attempt_at" datetime NOT NULL, "settled_at" datetime NULL, "is_repeat" bool DEFAULT 0 NOT NULL, "dismissed_at" datetime NULL, "event_id" bigint NOT NULL REFERENCES "outbox_event" ("id") DEFERRABLE INITIALLY DEFERRED, "subscriber_id" bigint NOT NULL REFERENCES "outbox_subscriber" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "one_delivery_per_event_and_subscriber" UNIQUE ("event_id", "subscriber_id"), CONSTRAINT "a_delivery_waits_until_it_is_settled" CHECK ((("settled_at" IS NULL AND "state" = 'waiting') OR (NOT ("state" = 'waiting') AND "settled_at" IS NOT NULL))), CONSTRAINT "only_what_was_given_up_is_put_aside" CHECK (("dismissed_at" IS NULL OR "state" = 'dead')));

CREATE TABLE "outbox_attempt" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "at" datetime NOT NULL, "duration_ms" integer unsigned NOT NULL CHECK ("duration_ms" >= 0), "status" smallint unsigned NULL CHECK ("status" >= 0), "excerpt" varchar(500) NOT NULL, "error" varchar(300) NOT NULL, "delivery_id" bigint NOT NULL REFERENCES "outbox_delivery" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "an_attempt_has_an_answer_or_an_error" CHECK (("status" IS NOT NULL OR NOT ("error" = ''))));

CREATE TABLE "desk_heartbeat" ("name" varchar(40) NOT NULL PRIMARY KEY, "at" datetime NOT NULL);

CREATE TABLE "desk_bundle" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "title" varchar(120) NOT NULL, "due_at" datetime NOT NULL, "planned_at" datetime NOT NULL, "version" integer unsigned NOT NULL CHECK ("version" >= 0), "planned_by_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED);

CREATE TABLE "desk_draftauthor" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "position" smallint unsigned NOT NULL CHECK ("position" >= 0), "author_id" bigint NOT NULL REFERENCES "articles_author" ("id") DEFERRABLE INITIALLY DEFERRED, "draft_id" bigint NOT NULL REFERENCES "desk_draft" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "an_author_once_per_draft" UNIQUE ("draft_id", "author_id"));

CREATE TABLE "desk_draftpick" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "position" smallint unsigned NOT NULL CHECK ("position" >= 0), "article_id" bigint NOT NULL REFERENCES "articles_article" ("id") DEFERRABLE INITIALLY DEFERRED, "draft_id" bigint NOT NULL REFERENCES "desk_draft" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "a_pick_once_per_draft" UNIQUE ("draft_id", "article_id"));

CREATE TABLE "desk_drafttag" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "position" smallint unsigned NOT NULL CHECK ("position" >= 0), "draft_id" bigint NOT NULL REFERENCES "desk_draft" ("id") DEFERRABLE INITIALLY DEFERRED, "tag_id" bigint NOT NULL REFERENCES "articles_tag" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "a_tag_once_per_draft" UNIQUE ("draft_id", "tag_id"));

CREATE TABLE "desk_notice" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "what" varchar(20) NOT NULL, "kind" varchar(60) NOT NULL, "subject" bigint NOT NULL, "label" varchar(250) NOT NULL, "reason" text NOT NULL, "at" datetime NOT NULL, "over_at" datetime NULL, "seen_at" datetime NULL, "mail_at" datetime NULL, "mailed_at" datetime NULL, "attempts" integer unsigned NOT NULL CHECK ("attempts" >= 0), "mail_error" varchar(300) NOT NULL, "person_id" bigint NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "a_notice_is_mailed_once" CHECK (("mailed_at" IS NULL OR "mail_at" IS NULL)));

CREATE TABLE "desk_preview" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "digest" varchar(64) NOT NULL UNIQUE, "created_at" datetime NOT NULL, "expires_at" datetime NOT NULL, "revoked_at" datetime NULL, "created_by_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "draft_id" bigint NOT NULL REFERENCES "desk_draft" ("id") DEFERRABLE INITIALLY DEFERRED);

CREATE TABLE "desk_release" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "due_at" datetime NOT NULL, "state" varchar(10) NOT NULL, "reason" text NOT NULL, "attempts" integer unsigned NOT NULL CHECK ("attempts" >= 0), "retry_at" datetime NULL, "planned_at" datetime NOT NULL, "settled_at" datetime NULL, "approved_by_id" bigint NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "article_id" bigint NOT NULL REFERENCES "articles_article" ("id") DEFERRABLE INITIALLY DEFERRED, "bundle_id" bigint NULL REFERENCES "desk_bundle" ("id") DEFERRABLE INITIALLY DEFERRED, "edition_id" bigint NOT NULL REFERENCES "articles_edition" ("id") DEFERRABLE INITIALLY DEFERRED, "planned_by_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "held_at" datetime NULL, CONSTRAINT "settled_means_has_a_time" CHECK ((("settled_at" IS NULL AND "state" IN ('pending', 'failed')) OR (NOT ("state" IN ('pending', 'failed')) AND "settled_at" IS NOT NULL))));

CREATE TABLE "desk_versionmark" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "kind" varchar(9) NOT NULL, "marked_at" datetime NOT NULL, "edition_id" bigint NULL REFERENCES "articles_edition" ("id") DEFERRABLE INITIALLY DEFERRED, "version_id" bigint NOT NULL REFERENCES "desk_draftversion" ("id") DEFERRABLE INITIALLY DEFERRED);

CREATE TABLE "desk_draftversion" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "number" integer unsigned NOT NULL CHECK ("number" >= 0), "kind" varchar(8) NOT NULL, "saved_at" datetime NOT NULL, "form_token" char(32) NULL, "restored_number" integer unsigned NULL CHECK ("restored_number" >= 0), "char_count" integer unsigned NOT NULL CHECK ("char_count" >= 0), "changed_fields" text NOT NULL CHECK ((JSON_VALID("changed_fields") OR "changed_fields" IS NULL)), "draft_id" bigint NOT NULL REFERENCES "desk_draft" ("id") DEFERRABLE INITIALLY DEFERRED, "saved_by_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "content" text NOT NULL CHECK ((JSON_VALID("content") OR "content" IS NULL)), CONSTRAINT "one_version_per_save" UNIQUE ("draft_id", "number"));

CREATE TABLE "desk_claimant" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(80) NOT NULL, "address" varchar(200) NOT NULL, "phone" varchar(40) NOT NULL, "email" varchar(254) NOT NULL, "claim_id" bigint NOT NULL UNIQUE REFERENCES "desk_claim" ("id") DEFERRABLE INITIALLY DEFERRED);

CREATE TABLE "desk_claim" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "kind" varchar(20) NOT NULL, "state" varchar(12) NOT NULL, "received_at" datetime NOT NULL, "reported_on" date NOT NULL, "known_on" date NOT NULL, "passage" text NOT NULL, "reason" text NOT NULL, "wanted_text" text NOT NULL, "wants_story_corrected" bool NOT NULL, "admissible_until" date NOT NULL, "answer_by" date NOT NULL, "publish_by" date NOT NULL, "refusal_reason" varchar(20) NOT NULL, "answer_note" text NOT NULL, "answered_at" datetime NULL, "settled_at" datetime NULL, "reminders" text NOT NULL CHECK ((JSON_VALID("reminders") OR "reminders" IS NULL)), "personal_data_erased_at" datetime NULL, "version" integer unsigned NOT NULL CHECK ("version" >= 0), "recorded_at" datetime NOT NULL, "answered_by_id" bigint NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "article_id" bigint NOT NULL REFERENCES "articles_article" ("id") DEFERRABLE INITIALLY DEFERRED, "edition_id" bigint NULL REFERENCES "articles_edition" ("id") DEFERRABLE INITIALLY DEFERRED, "recorded_by_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "only_a_refused_claim_has_a_refusal_reason" CHECK (("refusal_reason" = '' OR "state" IN ('refused', 'arbitration', 'withdrawn'))), CONSTRAINT "a_published_claim_has_its_edition" CHECK ((NOT ("state" = 'published') OR "edition_id" IS NOT NULL)));

CREATE TABLE "desk_erasure" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "reason" varchar(300) NOT NULL, "reference" varchar(120) NOT NULL, "erased_at" datetime NOT NULL, "editions" integer unsigned NOT NULL CHECK ("editions" >= 0), "photos" integer unsigned NOT NULL CHECK ("photos" >= 0), "pending_files" text NOT NULL CHECK ((JSON_VALID("pending_files") OR "pending_files" IS NULL)), "are_comments_pending" bool NOT NULL, "article_id" bigint NOT NULL UNIQUE REFERENCES "articles_article" ("id") DEFERRABLE INITIALLY DEFERRED, "erased_by_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED);

CREATE TABLE "desk_sectionrole" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "role" varchar(10) NOT NULL, "person_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "section_id" bigint NOT NULL REFERENCES "articles_section" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "one_role_per_person_and_section" UNIQUE ("person_id", "section_id"));

CREATE TABLE "desk_draftpresence" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "since" datetime NOT NULL, "seen_at" datetime NOT NULL, "draft_id" bigint NOT NULL REFERENCES "desk_draft" ("id") DEFERRABLE INITIALLY DEFERRED, "person_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "one_presence_per_draft_and_person" UNIQUE ("draft_id", "person_id"));

CREATE TABLE "desk_remark" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "quote" varchar(500) NOT NULL, "text" text NOT NULL, "created_at" datetime NOT NULL, "resolved_at" datetime NULL, "version" integer unsigned NOT NULL CHECK ("version" >= 0), "author_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "draft_id" bigint NOT NULL REFERENCES "desk_draft" ("id") DEFERRABLE INITIALLY DEFERRED, "resolved_by_id" bigint NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "a_resolved_remark_says_by_whom_and_when" CHECK ((("resolved_at" IS NULL AND "resolved_by_id" IS NULL) OR ("resolved_at" IS NOT NULL AND "resolved_by_id" IS NOT NULL))));

CREATE TABLE "desk_remark_mentions" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "remark_id" bigint NOT NULL REFERENCES "desk_remark" ("id") DEFERRABLE INITIALLY DEFERRED, "user_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED);

CREATE TABLE "desk_draft" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "headline" varchar(200) NOT NULL, "deck" varchar(300) NOT NULL, "summary_1" varchar(120) NOT NULL, "summary_2" varchar(120) NOT NULL, "summary_3" varchar(120) NOT NULL, "body" text NOT NULL, "slug" varchar(120) NOT NULL, "lead_photo_text" text NOT NULL CHECK ((JSON_VALID("lead_photo_text") OR "lead_photo_text" IS NULL)), "source_name" varchar(120) NOT NULL, "source_url" varchar(500) NOT NULL, "source_credit" varchar(200) NOT NULL, "ai_kind" varchar(20) NOT NULL, "ai_note" varchar(300) NOT NULL, "comments_mode" varchar(6) NOT NULL, "notes" text NOT NULL, "embargo_until" datetime NULL, "expires_at" datetime NULL, "field_setters" text NOT NULL CHECK ((JSON_VALID("field_setters") OR "field_setters" IS NULL)), "stage" varchar(10) NOT NULL, "version" integer unsigned NOT NULL CHECK ("version" >= 0), "approved_photo_text" text NULL CHECK ((JSON_VALID("approved_photo_text") OR "approved_photo_text" IS NULL)), "created_at" datetime NOT NULL, "changed_at" datetime NOT NULL, "trashed_at" datetime NULL, "form_token" char(32) NULL, "approved_by_id" bigint NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "article_id" bigint NULL UNIQUE REFERENCES "articles_article" ("id") DEFERRABLE INITIALLY DEFERRED, "changed_by_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "created_by_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "lead_photo_id" bigint NULL REFERENCES "media_photo" ("id") DEFERRABLE INITIALLY DEFERRED, "poll_id" bigint NULL REFERENCES "polls_poll" ("id") DEFERRABLE INITIALLY DEFERRED, "section_id" bigint NULL REFERENCES "articles_section" ("id") DEFERRABLE INITIALLY DEFERRED, "wire_version_id" bigint NULL REFERENCES "wire_version" ("id") DEFERRABLE INITIALLY DEFERRED, "assigned_to_id" bigint NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "due_at" datetime NULL, "moved_from_id" bigint NULL REFERENCES "articles_section" ("id") DEFERRABLE INITIALLY DEFERRED, "lock_active_at" datetime NULL, "locked_at" datetime NULL, "locked_by_id" bigint NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "seo_description" varchar(300) NOT NULL, "seo_title" varchar(120) NOT NULL, "social_photo_id" bigint NULL REFERENCES "media_photo" ("id") DEFERRABLE INITIALLY DEFERRED);

CREATE TABLE "desk_linkcheck" ("url_hash" varchar(64) NOT NULL PRIMARY KEY, "state" varchar(12) NOT NULL, "status" smallint unsigned NULL CHECK ("status" >= 0), "checked_at" datetime NOT NULL);

CREATE TABLE "desk_linkcheckrequest" ("draft_id" bigint NOT NULL PRIMARY KEY REFERENCES "desk_draft" ("id") DEFERRABLE INITIALLY DEFERRED, "due_at" datetime NOT NULL, "attempts" smallint unsigned NOT NULL CHECK ("attempts" >= 0));

CREATE TABLE "desk_keptaddress" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "address" varchar(320) NOT NULL, "kept_at" datetime NOT NULL, "draft_id" bigint NOT NULL REFERENCES "desk_draft" ("id") DEFERRABLE INITIALLY DEFERRED, "kept_by_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "an_address_is_kept_once_in_a_draft" UNIQUE ("draft_id", "address"));

CREATE TABLE "desk_wirehold" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "kind" varchar(12) NOT NULL, "version_number" integer unsigned NOT NULL CHECK ("version_number" >= 0), "is_hidden" bool NOT NULL, "at" datetime NOT NULL, "ended_at" datetime NULL, "note" varchar(300) NOT NULL, "draft_id" bigint NOT NULL REFERENCES "desk_draft" ("id") DEFERRABLE INITIALLY DEFERRED, "ended_by_id" bigint NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED);

CREATE TABLE "desk_suggestion" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "kind" varchar(10) NOT NULL, "origin" varchar(10) NOT NULL, "state" varchar(10) NOT NULL, "lines" text NOT NULL CHECK ((JSON_VALID("lines") OR "lines" IS NULL)), "reason" varchar(300) NOT NULL, "model" varchar(100) NOT NULL, "prompt_version" varchar(20) NOT NULL, "draft_version" integer unsigned NOT NULL CHECK ("draft_version" >= 0), "asked_at" datetime NOT NULL, "due_at" datetime NULL, "attempts" smallint unsigned NOT NULL CHECK ("attempts" >= 0), "answered_at" datetime NULL, "asked_by_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "draft_id" bigint NOT NULL REFERENCES "desk_draft" ("id") DEFERRABLE INITIALLY DEFERRED, "taken_at" datetime NULL, "taken_by_id" bigint NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED);

CREATE TABLE "mfa_authenticator" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "type" varchar(20) NOT NULL, "data" text NOT NULL CHECK ((JSON_VALID("data") OR "data" IS NULL)), "user_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "created_at" datetime NOT NULL, "last_used_at" datetime NULL);

CREATE TABLE "outbox_invalidation" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "kind" varchar(20) NOT NULL, "value" varchar(200) NOT NULL, "is_count" bool NOT NULL, "written_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL);

CREATE TABLE "polls_vote" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "side" varchar(3) NOT NULL, "voter" varchar(64) NOT NULL, "browser" varchar(64) NOT NULL, "cast_at" datetime NOT NULL, "changed_at" datetime NOT NULL, "poll_id" bigint NOT NULL REFERENCES "polls_poll" ("id") DEFERRABLE INITIALLY DEFERRED, "state" varchar(7) DEFAULT 'counted' NOT NULL, "rule" varchar(7) DEFAULT '' NOT NULL, "decision_id" bigint NULL REFERENCES "polls_votedecision" ("id") DEFERRABLE INITIALLY DEFERRED, "cast_hour" datetime GENERATED ALWAYS AS ((substr("cast_at",1,13) || ':00:00')) STORED, CONSTRAINT "one_vote_per_poll_and_voter" UNIQUE ("poll_id", "voter"), CONSTRAINT "a_vote_is_pro_or_con" CHECK ("side" IN ('pro', 'con')), CONSTRAINT "a_vote_is_in_a_known_state" CHECK ("state" IN ('counted', 'held', 'void', 'revoked')));

CREATE TABLE "polls_poll" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "title" varchar(80) NOT NULL, "question" varchar(200) NOT NULL, "opens_at" datetime NOT NULL, "closes_at" datetime NULL, "results" varchar(12) NOT NULL, "public" bool NOT NULL, "published_closes_at" datetime NULL, "tally_drift" integer unsigned NOT NULL CHECK ("tally_drift" >= 0), "legacy_salt" varchar(64) NOT NULL, "unlinked_at" datetime NULL, "election_day" date NULL, "blackout_from" datetime NULL, "blackout_until" datetime NULL, "version" integer unsigned DEFAULT 1 NOT NULL CHECK ("version" >= 0), CONSTRAINT "a_poll_closes_after_it_opens" CHECK (("closes_at" IS NULL OR "closes_at" > ("opens_at"))), CONSTRAINT "a_blackout_ends_after_it_begins" CHECK ((("blackout_from" IS NULL AND "blackout_until" IS NULL) OR "blackout_from" < ("blackout_until"))));

CREATE TABLE "saves_save" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "saved_at" datetime NOT NULL, "article_id" bigint NOT NULL REFERENCES "articles_article" ("id") DEFERRABLE INITIALLY DEFERRED, "reader_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "one_save_per_article" UNIQUE ("reader_id", "article_id"));

CREATE TABLE "socialaccount_socialapp" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "provider" varchar(30) NOT NULL, "name" varchar(40) NOT NULL, "client_id" varchar(191) NOT NULL, "secret" varchar(191) NOT NULL, "key" varchar(191) NOT NULL, "provider_id" varchar(200) NOT NULL, "settings" text NOT NULL CHECK ((JSON_VALID("settings") OR "settings" IS NULL)));

CREATE TABLE "socialaccount_socialtoken" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "token" text NOT NULL, "token_secret" text NOT NULL, "expires_at" datetime NULL, "account_id" integer NOT NULL REFERENCES "socialaccount_socialaccount" ("id") DEFERRABLE INITIALLY DEFERRED, "app_id" integer NULL REFERENCES "socialaccount_socialapp" ("id") DEFERRABLE INITIALLY DEFERRED);

CREATE TABLE "socialaccount_socialaccount" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "provider" varchar(200) NOT NULL, "uid" varchar(191) NOT NULL, "last_login" datetime NOT NULL, "date_joined" datetime NOT NULL, "user_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "extra_data" text NOT NULL CHECK ((JSON_VALID("extra_data") OR "extra_data" IS NULL)));

CREATE TABLE "wire_source" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "slug" varchar(50) NOT NULL UNIQUE, "name" varchar(80) NOT NULL, "agency" varchar(80) NOT NULL, "active" bool NOT NULL, "charset" varchar(20) NOT NULL, "rights" text NOT NULL, "ai_use_prohibited" bool NOT NULL, "idle_after" integer unsigned NULL CHECK ("idle_after" >= 0), "quiet_from" time NULL, "quiet_until" time NULL, "cancellation_policy" varchar(10) NOT NULL, "format" varchar(20) NOT NULL, CONSTRAINT "quiet_hours_begin_and_end" CHECK ((("quiet_from" IS NULL AND "quiet_until" IS NULL) OR ("quiet_from" IS NOT NULL AND "quiet_until" IS NOT NULL AND NOT ("quiet_from" = ("quiet_until") AND "quiet_from" IS NOT NULL AND "quiet_until" IS NOT NULL)))));

CREATE TABLE "wire_delivery" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "raw" BLOB NOT NULL, "sha256" varchar(64) NOT NULL, "size" integer unsigned NOT NULL CHECK ("size" >= 0), "name" varchar(200) NOT NULL, "content_type" varchar(200) NOT NULL, "received_at" datetime NOT NULL, "status" varchar(12) NOT NULL, "reason" varchar(300) NOT NULL, "encoding" varchar(20) NOT NULL, "source_id" bigint NOT NULL REFERENCES "wire_source" ("id") DEFERRABLE INITIALLY DEFERRED, "version_id" bigint NULL REFERENCES "wire_version" ("id") DEFERRABLE INITIALLY DEFERRED, "format" varchar(20) NOT NULL, "unfinished_reading" smallint unsigned NULL CHECK ("unfinished_reading" >= 0), CONSTRAINT "a_parsed_delivery_has_its_version" CHECK (("status" IN ('received', 'failed', 'unsupported') OR "version_id" IS NOT NULL)));

CREATE TABLE "wire_story" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "key" varchar(64) NOT NULL, "weak_key" bool NOT NULL, "status" varchar(10) NOT NULL, "news_at" datetime NOT NULL, "vouched" bool NOT NULL, "embargo" varchar(6) NOT NULL, "embargo_until" datetime NULL, "embargo_text" text NOT NULL, "embargo_changed_at" datetime NULL, "source_id" bigint NOT NULL REFERENCES "wire_source" ("id") DEFERRABLE INITIALLY DEFERRED, "current_id" bigint NULL REFERENCES "wire_version" ("id") DEFERRABLE INITIALLY DEFERRED, "embargo_decided_id" bigint NULL REFERENCES "wire_version" ("id") DEFERRABLE INITIALLY DEFERRED, "overruled_id" bigint NULL REFERENCES "wire_version" ("id") DEFERRABLE INITIALLY DEFERRED, "identifier" varchar(300) NOT NULL, "cancelled_at" datetime NULL, "maybe_cancelled" bool NOT NULL, "state_number" integer unsigned NOT NULL CHECK ("state_number" >= 0), "merged_into_id" bigint NULL REFERENCES "wire_story" ("id") DEFERRABLE INITIALLY DEFERRED, "overruled_withholding_id" bigint NULL REFERENCES "wire_version" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "one_story_per_source_and_key" UNIQUE ("source_id", "key"), CONSTRAINT "a_storys_embargo_has_its_end" CHECK ((("embargo" = 'until' AND "embargo_until" IS NOT NULL) OR (NOT ("embargo" = 'until') AND "embargo_until" IS NULL))));

CREATE TABLE "wire_version" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "number" integer unsigned NOT NULL CHECK ("number" >= 0), "signal" varchar(12) NOT NULL, "mark_order" smallint unsigned NOT NULL CHECK ("mark_order" >= 0), "reading" smallint unsigned NOT NULL CHECK ("reading" >= 0), "silent_change" bool NOT NULL, "headline" text NOT NULL, "marks" text NOT NULL CHECK ((JSON_VALID("marks") OR "marks" IS NULL)), "deck" text NOT NULL CHECK ((JSON_VALID("deck") OR "deck" IS NULL)), "agency" varchar(80) NOT NULL, "sent_at" datetime NULL, "stamps" text NOT NULL CHECK ((JSON_VALID("stamps") OR "stamps" IS NULL)), "places" text NOT NULL CHECK ((JSON_VALID("places") OR "places" IS NULL)), "dateline_agency" varchar(80) NOT NULL, "bylines" text NOT NULL CHECK ((JSON_VALID("bylines") OR "bylines" IS NULL)), "contacts" text NOT NULL CHECK ((JSON_VALID("contacts") OR "contacts" IS NULL)), "paragraphs" text NOT NULL CHECK ((JSON_VALID("paragraphs") OR "paragraphs" IS NULL)), "captions" text NOT NULL CHECK ((JSON_VALID("captions") OR "captions" IS NULL)), "rights" text NOT NULL, "ai_use_prohibited" bool NOT NULL, "resale_prohibited" bool NOT NULL, "notes" text NOT NULL CHECK ((JSON_VALID("notes") OR "notes" IS NULL)), "boilerplate_lines" text NOT NULL CHECK ((JSON_VALID("boilerplate_lines") OR "boilerplate_lines" IS NULL)), "warnings" text NOT NULL CHECK ((JSON_VALID("warnings") OR "warnings" IS NULL)), "embargo" varchar(6) NOT NULL, "embargo_until" datetime NULL, "embargo_text" text NOT NULL, "content_hash" varchar(64) NOT NULL, "delivery_id" bigint NOT NULL REFERENCES "wire_delivery" ("id") DEFERRABLE INITIALLY DEFERRED, "story_id" bigint NOT NULL REFERENCES "wire_story" ("id") DEFERRABLE INITIALLY DEFERRED, "agency_version" varchar(40) NOT NULL, "blocks" text NOT NULL CHECK ((JSON_VALID("blocks") OR "blocks" IS NULL)), "expires_at" datetime NULL, "language" varchar(20) NOT NULL, "media" text NOT NULL CHECK ((JSON_VALID("media") OR "media" IS NULL)), "pub_status" varchar(10) NOT NULL, "references" text NOT NULL CHECK ((JSON_VALID("references") OR "references" IS NULL)), "subjects" text NOT NULL CHECK ((JSON_VALID("subjects") OR "subjects" IS NULL)), "urgency" smallint unsigned NULL CHECK ("urgency" >= 0), "usage_terms" text NOT NULL, "arrived_at" datetime NOT NULL, CONSTRAINT "one_version_per_number" UNIQUE ("story_id", "number"), CONSTRAINT "one_version_per_text" UNIQUE ("story_id", "content_hash"), CONSTRAINT "a_read_embargo_has_its_end" CHECK ((("embargo" = 'until' AND "embargo_until" IS NOT NULL) OR (NOT ("embargo" = 'until') AND "embargo_until" IS NULL))));

CREATE TABLE "wire_matchterm" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "kind" smallint unsigned NOT NULL CHECK ("kind" >= 0), "term" bigint NOT NULL, "sent_at" datetime NOT NULL, "source_id" bigint NOT NULL REFERENCES "wire_source" ("id") DEFERRABLE INITIALLY DEFERRED, "version_id" bigint NOT NULL REFERENCES "wire_version" ("id") DEFERRABLE INITIALLY DEFERRED);

CREATE TABLE "wire_storydecision" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "kind" varchar(9) NOT NULL, "decided_at" datetime NOT NULL, "undone_at" datetime NULL, "before" text NOT NULL CHECK ((JSON_VALID("before") OR "before" IS NULL)), "after" text NOT NULL CHECK ((JSON_VALID("after") OR "after" IS NULL)), "other_id" bigint NULL REFERENCES "wire_story" ("id") DEFERRABLE INITIALLY DEFERRED, "story_id" bigint NOT NULL REFERENCES "wire_story" ("id") DEFERRABLE INITIALLY DEFERRED);

CREATE TABLE "wire_matchquestion" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "similarity" real NOT NULL, "answer" varchar(5) NOT NULL, "asked_at" datetime NOT NULL, "other_id" bigint NOT NULL REFERENCES "wire_version" ("id") DEFERRABLE INITIALLY DEFERRED, "version_id" bigint NOT NULL REFERENCES "wire_version" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "one_question_about_two_texts" UNIQUE ("version_id", "other_id"));

CREATE TABLE "wire_channel" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "kind" varchar(10) NOT NULL, "address" varchar(500) NOT NULL, "username" varchar(200) NOT NULL, "password_variable" varchar(80) NOT NULL, "interval" integer unsigned NOT NULL CHECK ("interval" >= 0), "settle_seconds" integer unsigned NOT NULL CHECK ("settle_seconds" >= 0), "enabled" bool NOT NULL, "etag" varchar(300) NOT NULL, "last_modified" varchar(100) NOT NULL, "body_sha256" varchar(64) NOT NULL, "uid_validity" bigint NULL, "last_uid" bigint NOT NULL, "unseen_uids" text NOT NULL CHECK ((JSON_VALID("unseen_uids") OR "unseen_uids" IS NULL)), "observed" text NOT NULL CHECK ((JSON_VALID("observed") OR "observed" IS NULL)), "due_at" datetime NOT NULL, "leased_until" datetime NULL, "lease_token" char(32) NULL, "watched_since" datetime NOT NULL, "last_success_at" datetime NULL, "last_error_at" datetime NULL, "last_error" varchar(300) NOT NULL, "failures" integer unsigned NOT NULL CHECK ("failures" >= 0), "source_id" bigint NOT NULL REFERENCES "wire_source" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "one_channel_per_address_of_a_source" UNIQUE ("source_id", "kind", "address"));

CREATE TABLE "wire_storyphoto" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "key" varchar(64) NOT NULL, "href" varchar(2000) NOT NULL, "attachment" integer unsigned NULL CHECK ("attachment" >= 0), "media_type" varchar(100) NOT NULL, "caption" text NOT NULL, "credit" varchar(300) NOT NULL, "rights" text NOT NULL, "resale_prohibited" bool NOT NULL, "state" varchar(10) NOT NULL, "reason" varchar(300) NOT NULL, "attempts" smallint unsigned NOT NULL CHECK ("attempts" >= 0), "due_at" datetime NOT NULL, "sha256" varchar(64) NOT NULL, "photo_id" bigint NULL REFERENCES "media_photo" ("id") DEFERRABLE INITIALLY DEFERRED, "version_id" bigint NOT NULL REFERENCES "wire_version" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "one_row_per_picture_of_a_version" UNIQUE ("version_id", "key"));

CREATE TABLE "wire_delivery_known_texts" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "delivery_id" bigint NOT NULL REFERENCES "wire_delivery" ("id") DEFERRABLE INITIALLY DEFERRED, "version_id" bigint NOT NULL REFERENCES "wire_version" ("id") DEFERRABLE INITIALLY DEFERRED);

CREATE TABLE "wire_indexedversion" ("version_id" bigint NOT NULL PRIMARY KEY REFERENCES "wire_version" ("id") DEFERRABLE INITIALLY DEFERRED, "sort_key" bigint NOT NULL UNIQUE);

CREATE VIRTUAL TABLE wire_indexedwords USING fts5(grams, detail=none, columnsize=0, tokenize="unicode61 remove_diacritics 0 tokenchars '_%'");

INSERT INTO "django_migrations" ("id", "app", "name", "applied") VALUES
(1, 'contenttypes', '0001_initial', CURRENT_TIMESTAMP),
(2, 'contenttypes', '0002_remove_content_type_name', CURRENT_TIMESTAMP),
(3, 'auth', '0001_initial', CURRENT_TIMESTAMP),
(4, 'auth', '0002_alter_permission_name_max_length', CURRENT_TIMESTAMP),
(5, 'auth', '0003_alter_user_email_max_length', CURRENT_TIMESTAMP),
(6, 'auth', '0004_alter_user_username_opts', CURRENT_TIMESTAMP),
(7, 'auth', '0005_alter_user_last_login_null', CURRENT_TIMESTAMP),
(8, 'auth', '0006_require_contenttypes_0002', CURRENT_TIMESTAMP),
(9, 'auth', '0007_alter_validators_add_error_messages', CURRENT_TIMESTAMP),
(10, 'auth', '0008_alter_user_username_max_length', CURRENT_TIMESTAMP),
(11, 'auth', '0009_alter_user_last_name_max_length', CURRENT_TIMESTAMP),
(12, 'auth', '0010_alter_group_name_max_length', CURRENT_TIMESTAMP),
(13, 'auth', '0011_update_proxy_permissions', CURRENT_TIMESTAMP),
(14, 'auth', '0012_alter_user_first_name_max_length', CURRENT_TIMESTAMP),
(15, 'accounts', '0001_initial', CURRENT_TIMESTAMP),
(16, 'account', '0001_initial', CURRENT_TIMESTAMP),
(17, 'account', '0002_email_max_length', CURRENT_TIMESTAMP),
(18, 'account', '0003_alter_emailaddress_create_unique_verified_email', CURRENT_TIMESTAMP),
(19, 'account', '0004_alter_emailaddress_drop_unique_email', CURRENT_TIMESTAMP),
(20, 'account', '0005_emailaddress_idx_upper_email', CURRENT_TIMESTAMP),
(21, 'account', '0006_emailaddress_lower', CURRENT_TIMESTAMP),
(22, 'account', '0007_emailaddress_idx_email', CURRENT_TIMESTAMP),
(23, 'account', '0008_emailaddress_unique_primary_email_fixup', CURRENT_TIMESTAMP),
(24, 'account', '0009_emailaddress_unique_primary_email', CURRENT_TIMESTAMP),
(25, 'sessions', '0001_initial', CURRENT_TIMESTAMP),
(26, 'accounts', '0002_identities', CURRENT_TIMESTAMP),
(27, 'accounts', '0003_nickname_keys_by_tr39', CURRENT_TIMESTAMP),
(28, 'accounts', '0004_sanction_ids', CURRENT_TIMESTAMP),
(29, 'accounts', '0005_user_sessions', CURRENT_TIMESTAMP),
(30, 'accounts', '0006_ignored_consents_closing', CURRENT_TIMESTAMP),
(31, 'accounts', '0007_sanctions', CURRENT_TIMESTAMP),
(32, 'accounts', '0008_rule_of_retained_sanctions', CURRENT_TIMESTAMP),
(33, 'admin', '0001_initial', CURRENT_TIMESTAMP),
(34, 'admin', '0002_logentry_remove_auto_add', CURRENT_TIMESTAMP),
(35, 'admin', '0003_logentry_add_action_flag_choices', CURRENT_TIMESTAMP),
(36, 'polls', '0001_initial', CURRENT_TIMESTAMP),
(37, 'polls', '0002_vote_states', CURRENT_TIMESTAMP),
(38, 'polls', '0003_index_vote_states', CURRENT_TIMESTAMP),
(39, 'polls', '0004_kept_tallies', CURRENT_TIMESTAMP),
(40, 'polls', '0005_keys_from_vote_secret', CURRENT_TIMESTAMP),
(41, 'polls', '0006_election_blackouts', CURRENT_TIMESTAMP),
(42, 'polls', '0007_previous_decisions', CURRENT_TIMESTAMP),
(43, 'media', '0001_initial', CURRENT_TIMESTAMP),
(44, 'media', '0002_photo_rights', CURRENT_TIMESTAMP),
(45, 'articles', '0001_initial', CURRENT_TIMESTAMP),
(46, 'articles', '0002_freeze_editions', CURRENT_TIMESTAMP),
(47, 'articles', '0003_search_index', CURRENT_TIMESTAMP),
(48, 'articles', '0004_count_referrers', CURRENT_TIMESTAMP),
(49, 'articles', '0005_erasure_permit', CURRENT_TIMESTAMP),
(50, 'articles', '0006_section_needs_approval', CURRENT_TIMESTAMP),
(51, 'articles', '0007_boxed_articles', CURRENT_TIMESTAMP),
(52, 'articles', '0008_add_seo_fields', CURRENT_TIMESTAMP),
(53, 'articles', '0009_boxed_articles_by_identifier', CURRENT_TIMESTAMP),
(54, 'articles', '0010_index_never_published', CURRENT_TIMESTAMP),
(55, 'articles', '0011_comments_close_at', CURRENT_TIMESTAMP),
(56, 'audit', '0001_initial', CURRENT_TIMESTAMP),
(57, 'audit', '0002_append_only', CURRENT_TIMESTAMP),
(58, 'audit', '0003_redaction_permit', CURRENT_TIMESTAMP),
(59, 'comments', '0001_initial', CURRENT_TIMESTAMP),
(60, 'comments', '0002_known_commenters', CURRENT_TIMESTAMP),
(61, 'comments', '0003_writers_before_are_known', CURRENT_TIMESTAMP),
(62, 'comments', '0004_similarity_bands', CURRENT_TIMESTAMP),
(63, 'comments', '0005_notifications', CURRENT_TIMESTAMP),
(64, 'comments', '0006_thread_columns', CURRENT_TIMESTAMP),
(65, 'comments', '0007_count_visible_replies', CURRENT_TIMESTAMP),
(66, 'comments', '0008_thread_policies', CURRENT_TIMESTAMP),
(67, 'comments', '0009_parent_by_partial_indexes', CURRENT_TIMESTAMP),
(68, 'comments', '0010_word_lists_findings_classifications', CURRENT_TIMESTAMP),
(69, 'comments', '0011_seed_word_list', CURRENT_TIMESTAMP),
(70, 'comments', '0012_moderation_queue', CURRENT_TIMESTAMP),
(71, 'comments', '0013_decision_reasons', CURRENT_TIMESTAMP),
(72, 'comments', '0014_items_of_waiting_comments', CURRENT_TIMESTAMP),
(73, 'comments', '0015_procedures', CURRENT_TIMESTAMP),
(74, 'comments', '0016_count_check', CURRENT_TIMESTAMP),
(75, 'comments', '0017_surge_alerts', CURRENT_TIMESTAMP),
(76, 'comments', '0018_notifications_of_procedures', CURRENT_TIMESTAMP),
(77, 'comments', '0019_sanctions_of_notifications', CURRENT_TIMESTAMP),
(78, 'comments', '0020_restrictions_of_surges', CURRENT_TIMESTAMP),
(79, 'comments', '0021_threads_of_every_state', CURRENT_TIMESTAMP),
(80, 'comments', '0022_join_requests_and_queue_notices', CURRENT_TIMESTAMP),
(81, 'comments', '0023_pin_before_a_decision', CURRENT_TIMESTAMP),
(82, 'comments', '0024_newest_first_alone', CURRENT_TIMESTAMP),
(83, 'comments', '0025_pin_before_reports', CURRENT_TIMESTAMP),
(84, 'wire', '0001_initial', CURRENT_TIMESTAMP),
(85, 'wire', '0002_keep_deliveries', CURRENT_TIMESTAMP),
(86, 'wire', '0003_yonhap_source', CURRENT_TIMESTAMP),
(87, 'outbox', '0001_initial', CURRENT_TIMESTAMP),
(88, 'desk', '0001_initial', CURRENT_TIMESTAMP),
(89, 'desk', '0002_roles', CURRENT_TIMESTAMP),
(90, 'desk', '0003_draft_versions', CURRENT_TIMESTAMP),
(91, 'desk', '0004_versions_are_immutable', CURRENT_TIMESTAMP),
(92, 'desk', '0005_index_drafts_for_lists', CURRENT_TIMESTAMP),
(93, 'desk', '0006_claims', CURRENT_TIMESTAMP),
(94, 'desk', '0007_claim_roles', CURRENT_TIMESTAMP),
(95, 'desk', '0008_erasures', CURRENT_TIMESTAMP),
(96, 'desk', '0009_erasure_roles', CURRENT_TIMESTAMP),
(97, 'desk', '0010_section_roles_and_assignment', CURRENT_TIMESTAMP),
(98, 'desk', '0011_edit_locks_and_presence', CURRENT_TIMESTAMP),
(99, 'desk', '0012_remarks', CURRENT_TIMESTAMP),
(100, 'desk', '0013_add_seo_fields', CURRENT_TIMESTAMP),
(101, 'desk', '0014_index_due_times_and_trash', CURRENT_TIMESTAMP),
(102, 'desk', '0015_link_checks', CURRENT_TIMESTAMP),
(103, 'desk', '0016_link_state_of_other_ports', CURRENT_TIMESTAMP),
(104, 'desk', '0017_count_link_check_attempts', CURRENT_TIMESTAMP),
(105, 'desk', '0018_kept_addresses', CURRENT_TIMESTAMP),
(106, 'desk', '0019_wire_holds', CURRENT_TIMESTAMP),
(107, 'desk', '0020_suggestions', CURRENT_TIMESTAMP),
(108, 'desk', '0021_suggestions_taken_over', CURRENT_TIMESTAMP),
(109, 'desk', '0022_name_cancellations_by_hand', CURRENT_TIMESTAMP),
(110, 'desk', '0023_moderation_roles', CURRENT_TIMESTAMP),
(111, 'mfa', '0001_initial', CURRENT_TIMESTAMP),
(112, 'mfa', '0002_authenticator_timestamps', CURRENT_TIMESTAMP),
(113, 'mfa', '0003_authenticator_type_uniq', CURRENT_TIMESTAMP),
(114, 'outbox', '0002_invalidations', CURRENT_TIMESTAMP),
(115, 'polls', '0008_votes_by_hour', CURRENT_TIMESTAMP),
(116, 'saves', '0001_initial', CURRENT_TIMESTAMP),
(117, 'socialaccount', '0001_initial', CURRENT_TIMESTAMP),
(118, 'socialaccount', '0002_token_max_lengths', CURRENT_TIMESTAMP),
(119, 'socialaccount', '0003_extra_data_default_dict', CURRENT_TIMESTAMP),
(120, 'socialaccount', '0004_app_provider_id_settings', CURRENT_TIMESTAMP),
(121, 'socialaccount', '0005_socialtoken_nullable_app', CURRENT_TIMESTAMP),
(122, 'socialaccount', '0006_alter_socialaccount_extra_data', CURRENT_TIMESTAMP),
(123, 'wire', '0004_index_embargoes', CURRENT_TIMESTAMP),
(124, 'wire', '0005_structured_formats', CURRENT_TIMESTAMP),
(125, 'wire', '0006_unsupported_deliveries', CURRENT_TIMESTAMP),
(126, 'wire', '0007_match_stories', CURRENT_TIMESTAMP),
(127, 'wire', '0008_source_formats', CURRENT_TIMESTAMP),
(128, 'wire', '0009_channels_and_story_photos', CURRENT_TIMESTAMP),
(129, 'wire', '0010_index_inbox_filters', CURRENT_TIMESTAMP),
(130, 'wire', '0011_overrule_withholdings', CURRENT_TIMESTAMP),
(131, 'wire', '0012_known_texts_of_deliveries', CURRENT_TIMESTAMP),
(132, 'wire', '0013_index_versions', CURRENT_TIMESTAMP),
(133, 'wire', '0014_inbox_words', CURRENT_TIMESTAMP),
(134, 'wire', '0015_unfinished_readings', CURRENT_TIMESTAMP),
(135, 'wire', '0016_last_deliveries', CURRENT_TIMESTAMP);

INSERT INTO "django_content_type" ("id", "app_label", "model") VALUES
(1, 'articles', 'article'),
(2, 'articles', 'edition'),
(3, 'articles', 'section'),
(4, 'articles', 'author'),
(5, 'articles', 'tag'),
(6, 'articles', 'masthead'),
(7, 'desk', 'draft'),
(8, 'desk', 'release'),
(9, 'media', 'photo'),
(10, 'polls', 'poll'),
(11, 'polls', 'side'),
(12, 'wire', 'story'),
(13, 'wire', 'delivery'),
(14, 'wire', 'source'),
(15, 'comments', 'comment'),
(16, 'desk', 'bundle'),
(17, 'polls', 'vote'),
(18, 'audit', 'entry'),
(19, 'accounts', 'user'),
(20, 'accounts', 'token'),
(21, 'outbox', 'event'),
(22, 'outbox', 'subscriber'),
(23, 'outbox', 'delivery'),
(24, 'desk', 'claim'),
(25, 'desk', 'erasure'),
(26, 'comments', 'moderationitem'),
(27, 'admin', 'logentry'),
(28, 'auth', 'permission'),
(29, 'auth', 'group'),
(30, 'contenttypes', 'contenttype'),
(31, 'sessions', 'session'),
(32, 'accounts', 'knownclient'),
(33, 'accounts', 'signinalert'),
(34, 'accounts', 'emailcode'),
(35, 'accounts', 'retainedsanction'),
(36, 'accounts', 'nicknamechange'),
(37, 'accounts', 'usersession'),
(38, 'accounts', 'consent'),
(39, 'accounts', 'ignoredreader'),
(40, 'accounts', 'sanction'),
(41, 'audit', 'redactionpermit'),
(42, 'outbox', 'attempt'),
(43, 'outbox', 'invalidation'),
(44, 'polls', 'votedecision'),
(45, 'polls', 'tally'),
(46, 'media', 'pendingupload'),
(47, 'articles', 'countedbatch'),
(48, 'articles', 'sitemapmonth'),
(49, 'articles', 'sweepcursor'),
(50, 'articles', 'suggestedword'),
(51, 'articles', 'articlecounts'),
(52, 'articles', 'change'),
(53, 'articles', 'searchrow'),
(54, 'articles', 'formerslug'),
(55, 'articles', 'recentview'),
(56, 'articles', 'suggestedby'),
(57, 'articles', 'tagging'),
(58, 'articles', 'byline'),
(59, 'articles', 'appearance'),
(60, 'articles', 'relatedarticle'),
(61, 'articles', 'photouse'),
(62, 'articles', 'pick'),
(63, 'articles', 'popularityrank'),
(64, 'articles', 'hourlyviews'),
(65, 'articles', 'feedchange'),
(66, 'articles', 'referrerviews'),
(67, 'articles', 'erasurepermit'),
(68, 'articles', 'boxedarticle'),
(69, 'wire', 'version'),
(70, 'wire', 'matchquestion'),
(71, 'wire', 'matchterm'),
(72, 'wire', 'storydecision'),
(73, 'wire', 'channel'),
(74, 'wire', 'storyphoto'),
(75, 'wire', 'indexedversion'),
(76, 'comments', 'reaction'),
(77, 'comments', 'report'),
(78, 'comments', 'commenter'),
(79, 'comments', 'similarityband'),
(80, 'comments', 'notificationpreferences'),
(81, 'comments', 'notification'),
(82, 'comments', 'threadpolicy'),
(83, 'comments', 'idempotencykey'),
(84, 'comments', 'classification'),
(85, 'comments', 'wordlist'),
(86, 'comments', 'commentfinding'),
(87, 'comments', 'wordlisttrial'),
(88, 'comments', 'decisionreason'),
(89, 'comments', 'decision'),
(90, 'comments', 'commentrevision'),
(91, 'comments', 'blockrequest'),
(92, 'comments', 'blocknotice'),
(93, 'comments', 'appeal'),
(94, 'comments', 'countcheck'),
(95, 'comments', 'surgealert'),
(96, 'saves', 'save'),
(97, 'desk', 'heartbeat'),
(98, 'desk', 'draftauthor'),
(99, 'desk', 'draftpick'),
(100, 'desk', 'drafttag'),
(101, 'desk', 'notice'),
(102, 'desk', 'preview'),
(103, 'desk', 'draftversion'),
(104, 'desk', 'versionmark'),
(105, 'desk', 'claimant'),
(106, 'desk', 'sectionrole'),
(107, 'desk', 'draftpresence'),
(108, 'desk', 'remark'),
(109, 'desk', 'linkcheck'),
(110, 'desk', 'linkcheckrequest'),
(111, 'desk', 'keptaddress'),
(112, 'desk', 'wirehold'),
(113, 'desk', 'suggestion'),
(114, 'account', 'emailaddress'),
(115, 'account', 'emailconfirmation'),
(116, 'socialaccount', 'socialaccount'),
(117, 'socialaccount', 'socialapp'),
(118, 'socialaccount', 'socialtoken'),
(119, 'mfa', 'authenticator');

INSERT INTO "auth_group_permissions" ("id", "group_id", "permission_id") VALUES
(1, 1, 1),
(2, 1, 2),
(3, 1, 3),
(4, 1, 4),
(5, 1, 5),
(6, 1, 6),
(7, 1, 7),
(8, 1, 8),
(9, 1, 9),
(10, 1, 10),
(11, 1, 11),
(12, 1, 12),
(13, 1, 13),
(14, 1, 14),
(15, 1, 15),
(16, 1, 16),
(17, 1, 17),
(18, 1, 18),
(19, 1, 19),
(20, 1, 20),
(21, 1, 21),
(22, 1, 22),
(23, 1, 23),
(24, 1, 24),
(25, 1, 25),
(26, 1, 26),
(27, 2, 1),
(28, 2, 2),
(29, 2, 3),
(30, 2, 4),
(31, 2, 5),
(32, 2, 6),
(33, 2, 7),
(34, 2, 8),
(35, 2, 9),
(36, 2, 10),
(37, 2, 11),
(38, 2, 12),
(39, 2, 13),
(40, 2, 14),
(41, 2, 15),
(42, 2, 16),
(43, 2, 17),
(44, 2, 18),
(45, 2, 19),
(46, 2, 20),
(47, 2, 21),
(48, 2, 22),
(49, 2, 23),
(50, 2, 24),
(51, 2, 25),
(52, 2, 26),
(53, 2, 27),
(54, 2, 28),
(55, 2, 29),
(56, 2, 30),
(57, 2, 31),
(58, 2, 32),
(59, 2, 33),
(60, 2, 34),
(61, 2, 35),
(62, 2, 36),
(63, 2, 37),
(64, 2, 38),
(65, 2, 39),
(66, 2, 40),
(67, 2, 41),
(68, 3, 1),
(69, 3, 2),
(70, 3, 3),
(71, 3, 4),
(72, 3, 5),
(73, 3, 6),
(74, 3, 7),
(75, 3, 8),
(76, 3, 9),
(77, 3, 10),
(78, 3, 11),
(79, 3, 12),
(80, 3, 13),
(81, 3, 14),
(82, 3, 15),
(83, 3, 16),
(84, 3, 17),
(85, 3, 18),
(86, 3, 19),
(87, 3, 20),
(88, 3, 21),
(89, 3, 22),
(90, 3, 23),
(91, 3, 24),
(92, 3, 25),
(93, 3, 26),
(94, 3, 27),
(95, 3, 28),
(96, 3, 29),
(97, 3, 30),
(98, 3, 31),
(99, 3, 32),
(100, 3, 33),
(101, 3, 34),
(102, 3, 35),
(103, 3, 36),
(104, 3, 37),
(105, 3, 38),
(106, 3, 39),
(107, 3, 40),
(108, 3, 41),
(109, 3, 42),
(110, 3, 43),
(111, 3, 44),
(112, 3, 45),
(113, 3, 46),
(114, 3, 47),
(115, 3, 48),
(116, 3, 49),
(117, 3, 50),
(118, 3, 51),
(119, 3, 52),
(120, 3, 53),
(121, 3, 54),
(122, 3, 55),
(123, 3, 56),
(124, 3, 57),
(125, 3, 58),
(126, 3, 59),
(127, 3, 60),
(128, 4, 1),
(129, 4, 15),
(130, 4, 40),
(131, 4, 39),
(132, 4, 51),
(133, 4, 41),
(134, 3, 61),
(135, 2, 61),
(136, 3, 62),
(137, 2, 62),
(138, 3, 63),
(139, 2, 63),
(140, 3, 64),
(141, 2, 64),
(142, 3, 65),
(143, 3, 66),
(144, 3, 67);

INSERT INTO "auth_permission" ("id", "content_type_id", "codename", "name") VALUES
(1, 1, 'view_article', 'Can view article'),
(2, 2, 'view_edition', 'Can view edition'),
(3, 3, 'view_section', 'Can view section'),
(4, 4, 'view_author', 'Can view author'),
(5, 5, 'view_tag', 'Can view tag'),
(6, 6, 'view_masthead', 'Can view masthead'),
(7, 7, 'view_draft', 'Can view draft'),
(8, 8, 'view_release', 'Can view release'),
(9, 9, 'view_photo', 'Can view photo'),
(10, 10, 'view_poll', 'Can view poll'),
(11, 11, 'view_side', 'Can view side'),
(12, 12, 'view_story', 'Can view story'),
(13, 13, 'view_delivery', 'Can view delivery'),
(14, 14, 'view_source', 'Can view source'),
(15, 15, 'view_comment', 'Can view comment'),
(16, 16, 'view_bundle', 'Can view bundle'),
(17, 7, 'add_draft', 'Can add draft'),
(18, 7, 'change_draft', 'Can change draft'),
(19, 7, 'delete_draft', 'Can delete draft'),
(20, 9, 'add_photo', 'Can add photo'),
(21, 9, 'change_photo', 'Can change photo'),
(22, 5, 'add_tag', 'Can add tag'),
(23, 10, 'add_poll', 'Can add poll'),
(24, 10, 'change_poll', 'Can change poll'),
(25, 11, 'add_side', 'Can add side'),
(26, 11, 'change_side', 'Can change side'),
(27, 16, 'add_bundle', 'Can add bundle'),
(28, 16, 'change_bundle', 'Can change bundle'),
(29, 7, 'approve_draft', 'Can approve stories and send them back'),
(30, 7, 'publish_draft', 'Can publish, schedule and swap stories'),
(31, 7, 'withdraw_draft', 'Can withdraw articles'),
(32, 8, 'change_release', 'Can change release'),
(33, 5, 'change_tag', 'Can change tag'),
(34, 4, 'add_author', 'Can add author'),
(35, 4, 'change_author', 'Can change author'),
(36, 12, 'change_story', 'Can change story'),
(37, 13, 'change_delivery', 'Can change delivery'),
(38, 17, 'void_vote', 'Can take votes out of the count'),
(39, 15, 'moderate_comment', 'Can show and hide comments'),
(40, 15, 'change_comment', 'Can change comment'),
(41, 18, 'view_entry', 'Can view entry'),
(42, 7, 'restore_draft', 'Can restore withdrawn articles'),
(43, 6, 'change_masthead', 'Can change masthead'),
(44, 6, 'add_masthead', 'Can add masthead'),
(45, 3, 'add_section', 'Can add section'),
(46, 3, 'change_section', 'Can change section'),
(47, 3, 'delete_section', 'Can delete section'),
(48, 5, 'delete_tag', 'Can delete tag'),
(49, 14, 'add_source', 'Can add source'),
(50, 14, 'change_source', 'Can change source'),
(51, 19, 'view_user', 'Can view user'),
(52, 19, 'add_user', 'Can add user'),
(53, 19, 'change_user', 'Can change user'),
(54, 20, 'view_token', 'Can view token'),
(55, 20, 'change_token', 'Can change token'),
(56, 21, 'view_event', 'Can view event'),
(57, 22, 'view_subscriber', 'Can view subscriber'),
(58, 22, 'add_subscriber', 'Can add subscriber'),
(59, 22, 'change_subscriber', 'Can change subscriber'),
(60, 23, 'view_delivery', 'Can view delivery'),
(61, 24, 'view_claim', 'Can view claim'),
(62, 24, 'add_claim', 'Can add claim'),
(63, 24, 'change_claim', 'Can change claim'),
(64, 24, 'view_claimant', 'Can see the personal data of claimants'),
(65, 25, 'erase_article', 'Can erase articles by law or court order'),
(66, 25, 'view_erasure', 'Can view legal erasure'),
(67, 26, 'lead_moderation', 'Can take over leases and change reasons of decisions'),
(68, 27, 'add_logentry', 'Can add log entry'),
(69, 27, 'change_logentry', 'Can change log entry'),
(70, 27, 'delete_logentry', 'Can delete log entry'),
(71, 27, 'view_logentry', 'Can view log entry'),
(72, 28, 'add_permission', 'Can add permission'),
(73, 28, 'change_permission', 'Can change permission'),
(74, 28, 'delete_permission', 'Can delete permission'),
(75, 28, 'view_permission', 'Can view permission'),
(76, 29, 'add_group', 'Can add group'),
(77, 29, 'change_group', 'Can change group'),
(78, 29, 'delete_group', 'Can delete group'),
(79, 29, 'view_group', 'Can view group'),
(80, 30, 'add_contenttype', 'Can add content type'),
(81, 30, 'change_contenttype', 'Can change content type'),
(82, 30, 'delete_contenttype', 'Can delete content type'),
(83, 30, 'view_contenttype', 'Can view content type'),
(84, 31, 'add_session', 'Can add session'),
(85, 31, 'change_session', 'Can change session'),
(86, 31, 'delete_session', 'Can delete session'),
(87, 31, 'view_session', 'Can view session'),
(88, 19, 'delete_user', 'Can delete person'),
(89, 32, 'add_knownclient', 'Can add known client'),
(90, 32, 'change_knownclient', 'Can change known client'),
(91, 32, 'delete_knownclient', 'Can delete known client'),
(92, 32, 'view_knownclient', 'Can view known client'),
(93, 33, 'add_signinalert', 'Can add failed sign-ins'),
(94, 33, 'change_signinalert', 'Can change failed sign-ins'),
(95, 33, 'delete_signinalert', 'Can delete failed sign-ins'),
(96, 33, 'view_signinalert', 'Can view failed sign-ins'),
(97, 20, 'add_token', 'Can add token'),
(98, 20, 'delete_token', 'Can delete token'),
(99, 34, 'add_emailcode', 'Can add code to confirm an address'),
(100, 34, 'change_emailcode', 'Can change code to confirm an address'),
(101, 34, 'delete_emailcode', 'Can delete code to confirm an address'),
(102, 34, 'view_emailcode', 'Can view code to confirm an address'),
(103, 35, 'add_retainedsanction', 'Can add retained suspension'),
(104, 35, 'change_retainedsanction', 'Can change retained suspension'),
(105, 35, 'delete_retainedsanction', 'Can delete retained suspension'),
(106, 35, 'view_retainedsanction', 'Can view retained suspension'),
(107, 36, 'add_nicknamechange', 'Can add change of a nickname'),
(108, 36, 'change_nicknamechange', 'Can change change of a nickname'),
(109, 36, 'delete_nicknamechange', 'Can delete change of a nickname'),
(110, 36, 'view_nicknamechange', 'Can view change of a nickname'),
(111, 37, 'add_usersession', 'Can add session of an account'),
(112, 37, 'change_usersession', 'Can change session of an account'),
(113, 37, 'delete_usersession', 'Can delete session of an account'),
(114, 37, 'view_usersession', 'Can view session of an account'),
(115, 38, 'add_consent', 'Can add consent'),
(116, 38, 'change_consent', 'Can change consent'),
(117, 38, 'delete_consent', 'Can delete consent'),
(118, 38, 'view_consent', 'Can view consent'),
(119, 39, 'add_ignoredreader', 'Can add ignored reader'),
(120, 39, 'change_ignoredreader', 'Can change ignored reader'),
(121, 39, 'delete_ignoredreader', 'Can delete ignored reader'),
(122, 39, 'view_ignoredreader', 'Can view ignored reader'),
(123, 40, 'add_sanction', 'Can add sanction'),
(124, 40, 'change_sanction', 'Can change sanction'),
(125, 40, 'delete_sanction', 'Can delete sanction'),
(126, 40, 'view_sanction', 'Can view sanction'),
(127, 18, 'add_entry', 'Can add audit log entry'),
(128, 18, 'change_entry', 'Can change audit log entry'),
(129, 18, 'delete_entry', 'Can delete audit log entry'),
(130, 21, 'add_event', 'Can add event'),
(131, 21, 'change_event', 'Can change event'),
(132, 21, 'delete_event', 'Can delete event'),
(133, 22, 'delete_subscriber', 'Can delete subscriber'),
(134, 23, 'add_delivery', 'Can add delivery'),
(135, 23, 'change_delivery', 'Can change delivery'),
(136, 23, 'delete_delivery', 'Can delete delivery'),
(137, 42, 'add_attempt', 'Can add attempt'),
(138, 42, 'change_attempt', 'Can change attempt'),
(139, 42, 'delete_attempt', 'Can delete attempt'),
(140, 42, 'view_attempt', 'Can view attempt'),
(141, 10, 'delete_poll', 'Can delete poll'),
(142, 11, 'delete_side', 'Can delete side'),
(143, 17, 'add_vote', 'Can add vote'),
(144, 17, 'change_vote', 'Can change vote'),
(145, 17, 'delete_vote', 'Can delete vote'),
(146, 17, 'view_vote', 'Can view vote'),
(147, 44, 'add_votedecision', 'Can add decision on votes'),
(148, 44, 'change_votedecision', 'Can change decision on votes'),
(149, 44, 'delete_votedecision', 'Can delete decision on votes'),
(150, 44, 'view_votedecision', 'Can view decision on votes'),
(151, 45, 'add_tally', 'Can add tally'),
(152, 45, 'change_tally', 'Can change tally'),
(153, 45, 'delete_tally', 'Can delete tally'),
(154, 45, 'view_tally', 'Can view tally'),
(155, 9, 'delete_photo', 'Can delete photo'),
(156, 46, 'add_pendingupload', 'Can add pending upload'),
(157, 46, 'change_pendingupload', 'Can change pending upload'),
(158, 46, 'delete_pendingupload', 'Can delete pending upload'),
(159, 46, 'view_pendingupload', 'Can view pending upload'),
(160, 1, 'add_article', 'Can add article'),
(161, 1, 'change_article', 'Can change article'),
(162, 1, 'delete_article', 'Can delete article'),
(163, 4, 'delete_author', 'Can delete author'),
(164, 47, 'add_countedbatch', 'Can add counted batch'),
(165, 47, 'change_countedbatch', 'Can change counted batch'),
(166, 47, 'delete_countedbatch', 'Can delete counted batch'),
(167, 47, 'view_countedbatch', 'Can view counted batch'),
(168, 48, 'add_sitemapmonth', 'Can add sitemap month'),
(169, 48, 'change_sitemapmonth', 'Can change sitemap month'),
(170, 48, 'delete_sitemapmonth', 'Can delete sitemap month'),
(171, 48, 'view_sitemapmonth', 'Can view sitemap month'),
(172, 49, 'add_sweepcursor', 'Can add sweep cursor'),
(173, 49, 'change_sweepcursor', 'Can change sweep cursor'),
(174, 49, 'delete_sweepcursor', 'Can delete sweep cursor'),
(175, 49, 'view_sweepcursor', 'Can view sweep cursor'),
(176, 50, 'add_suggestedword', 'Can add suggested word'),
(177, 50, 'change_suggestedword', 'Can change suggested word'),
(178, 50, 'delete_suggestedword', 'Can delete suggested word'),
(179, 50, 'view_suggestedword', 'Can view suggested word'),
(180, 51, 'add_articlecounts', 'Can add counts'),
(181, 51, 'change_articlecounts', 'Can change counts'),
(182, 51, 'delete_articlecounts', 'Can delete counts'),
(183, 51, 'view_articlecounts', 'Can view counts'),
(184, 52, 'add_change', 'Can add change'),
(185, 52, 'change_change', 'Can change change'),
(186, 52, 'delete_change', 'Can delete change'),
(187, 52, 'view_change', 'Can view change'),
(188, 53, 'add_searchrow', 'Can add search row'),
(189, 53, 'change_searchrow', 'Can change search row'),
(190, 53, 'delete_searchrow', 'Can delete search row'),
(191, 53, 'view_searchrow', 'Can view search row'),
(192, 2, 'add_edition', 'Can add edition'),
(193, 2, 'change_edition', 'Can change edition'),
(194, 2, 'delete_edition', 'Can delete edition'),
(195, 54, 'add_formerslug', 'Can add former address'),
(196, 54, 'change_formerslug', 'Can change former address'),
(197, 54, 'delete_formerslug', 'Can delete former address'),
(198, 54, 'view_formerslug', 'Can view former address'),
(199, 6, 'delete_masthead', 'Can delete masthead'),
(200, 55, 'add_recentview', 'Can add recent view'),
(201, 55, 'change_recentview', 'Can change recent view'),
(202, 55, 'delete_recentview', 'Can delete recent view'),
(203, 55, 'view_recentview', 'Can view recent view'),
(204, 56, 'add_suggestedby', 'Can add suggested by'),
(205, 56, 'change_suggestedby', 'Can change suggested by'),
(206, 56, 'delete_suggestedby', 'Can delete suggested by'),
(207, 56, 'view_suggestedby', 'Can view suggested by'),
(208, 57, 'add_tagging', 'Can add tagging'),
(209, 57, 'change_tagging', 'Can change tagging'),
(210, 57, 'delete_tagging', 'Can delete tagging'),
(211, 57, 'view_tagging', 'Can view tagging'),
(212, 58, 'add_byline', 'Can add byline'),
(213, 58, 'change_byline', 'Can change byline'),
(214, 58, 'delete_byline', 'Can delete byline'),
(215, 58, 'view_byline', 'Can view byline'),
(216, 59, 'add_appearance', 'Can add appearance'),
(217, 59, 'change_appearance', 'Can change appearance'),
(218, 59, 'delete_appearance', 'Can delete appearance'),
(219, 59, 'view_appearance', 'Can view appearance'),
(220, 60, 'add_relatedarticle', 'Can add related article'),
(221, 60, 'change_relatedarticle', 'Can change related article'),
(222, 60, 'delete_relatedarticle', 'Can delete related article'),
(223, 60, 'view_relatedarticle', 'Can view related article'),
(224, 61, 'add_photouse', 'Can add photo use'),
(225, 61, 'change_photouse', 'Can change photo use'),
(226, 61, 'delete_photouse', 'Can delete photo use'),
(227, 61, 'view_photouse', 'Can view photo use'),
(228, 62, 'add_pick', 'Can add pick'),
(229, 62, 'change_pick', 'Can change pick'),
(230, 62, 'delete_pick', 'Can delete pick'),
(231, 62, 'view_pick', 'Can view pick'),
(232, 63, 'add_popularityrank', 'Can add popularity rank'),
(233, 63, 'change_popularityrank', 'Can change popularity rank'),
(234, 63, 'delete_popularityrank', 'Can delete popularity rank'),
(235, 63, 'view_popularityrank', 'Can view popularity rank'),
(236, 64, 'add_hourlyviews', 'Can add hourly views'),
(237, 64, 'change_hourlyviews', 'Can change hourly views'),
(238, 64, 'delete_hourlyviews', 'Can delete hourly views'),
(239, 64, 'view_hourlyviews', 'Can view hourly views'),
(240, 65, 'add_feedchange', 'Can add feed change'),
(241, 65, 'change_feedchange', 'Can change feed change'),
(242, 65, 'delete_feedchange', 'Can delete feed change'),
(243, 65, 'view_feedchange', 'Can view feed change'),
(244, 66, 'add_referrerviews', 'Can add referrer views'),
(245, 66, 'change_referrerviews', 'Can change referrer views'),
(246, 66, 'delete_referrerviews', 'Can delete referrer views'),
(247, 66, 'view_referrerviews', 'Can view referrer views'),
(248, 68, 'add_boxedarticle', 'Can add boxed article'),
(249, 68, 'change_boxedarticle', 'Can change boxed article'),
(250, 68, 'delete_boxedarticle', 'Can delete boxed article'),
(251, 68, 'view_boxedarticle', 'Can view boxed article'),
(252, 14, 'delete_source', 'Can delete wire source'),
(253, 13, 'add_delivery', 'Can add wire delivery'),
(254, 13, 'delete_delivery', 'Can delete wire delivery'),
(255, 12, 'add_story', 'Can add wire story'),
(256, 12, 'delete_story', 'Can delete wire story'),
(257, 69, 'add_version', 'Can add wire version'),
(258, 69, 'change_version', 'Can change wire version'),
(259, 69, 'delete_version', 'Can delete wire version'),
(260, 69, 'view_version', 'Can view wire version'),
(261, 70, 'add_matchquestion', 'Can add match question'),
(262, 70, 'change_matchquestion', 'Can change match question'),
(263, 70, 'delete_matchquestion', 'Can delete match question'),
(264, 70, 'view_matchquestion', 'Can view match question'),
(265, 71, 'add_matchterm', 'Can add match term'),
(266, 71, 'change_matchterm', 'Can change match term'),
(267, 71, 'delete_matchterm', 'Can delete match term'),
(268, 71, 'view_matchterm', 'Can view match term'),
(269, 72, 'add_storydecision', 'Can add story decision'),
(270, 72, 'change_storydecision', 'Can change story decision'),
(271, 72, 'delete_storydecision', 'Can delete story decision'),
(272, 72, 'view_storydecision', 'Can view story decision'),
(273, 73, 'add_channel', 'Can add way in'),
(274, 73, 'change_channel', 'Can change way in'),
(275, 73, 'delete_channel', 'Can delete way in'),
(276, 73, 'view_channel', 'Can view way in'),
(277, 74, 'add_storyphoto', 'Can add photo of a story'),
(278, 74, 'change_storyphoto', 'Can change photo of a story'),
(279, 74, 'delete_storyphoto', 'Can delete photo of a story'),
(280, 74, 'view_storyphoto', 'Can view photo of a story'),
(281, 75, 'add_indexedversion', 'Can add indexed version'),
(282, 75, 'change_indexedversion', 'Can change indexed version'),
(283, 75, 'delete_indexedversion', 'Can delete indexed version'),
(284, 75, 'view_indexedversion', 'Can view indexed version'),
(285, 15, 'add_comment', 'Can add comment'),
(286, 15, 'delete_comment', 'Can delete comment'),
(287, 76, 'add_reaction', 'Can add reaction'),
(288, 76, 'change_reaction', 'Can change reaction'),
(289, 76, 'delete_reaction', 'Can delete reaction'),
(290, 76, 'view_reaction', 'Can view reaction'),
(291, 77, 'add_report', 'Can add report'),
(292, 77, 'change_report', 'Can change report'),
(293, 77, 'delete_report', 'Can delete report'),
(294, 77, 'view_report', 'Can view report'),
(295, 78, 'add_commenter', 'Can add known commenter'),
(296, 78, 'change_commenter', 'Can change known commenter'),
(297, 78, 'delete_commenter', 'Can delete known commenter'),
(298, 78, 'view_commenter', 'Can view known commenter'),
(299, 79, 'add_similarityband', 'Can add similarity band'),
(300, 79, 'change_similarityband', 'Can change similarity band'),
(301, 79, 'delete_similarityband', 'Can delete similarity band'),
(302, 79, 'view_similarityband', 'Can view similarity band'),
(303, 82, 'add_threadpolicy', 'Can add rules of a thread'),
(304, 82, 'change_threadpolicy', 'Can change rules of a thread'),
(305, 82, 'delete_threadpolicy', 'Can delete rules of a thread'),
(306, 82, 'view_threadpolicy', 'Can view rules of a thread'),
(307, 83, 'add_idempotencykey', 'Can add idempotency keys'),
(308, 83, 'change_idempotencykey', 'Can change idempotency keys'),
(309, 83, 'delete_idempotencykey', 'Can delete idempotency keys'),
(310, 83, 'view_idempotencykey', 'Can view idempotency keys'),
(311, 84, 'add_classification', 'Can add classification'),
(312, 84, 'change_classification', 'Can change classification'),
(313, 84, 'delete_classification', 'Can delete classification'),
(314, 84, 'view_classification', 'Can view classification'),
(315, 85, 'add_wordlist', 'Can add word list'),
(316, 85, 'change_wordlist', 'Can change word list'),
(317, 85, 'delete_wordlist', 'Can delete word list'),
(318, 85, 'view_wordlist', 'Can view word list'),
(319, 86, 'add_commentfinding', 'Can add finding of the filter'),
(320, 86, 'change_commentfinding', 'Can change finding of the filter'),
(321, 86, 'delete_commentfinding', 'Can delete finding of the filter'),
(322, 86, 'view_commentfinding', 'Can view finding of the filter'),
(323, 87, 'add_wordlisttrial', 'Can add dry run of a word list'),
(324, 87, 'change_wordlisttrial', 'Can change dry run of a word list'),
(325, 87, 'delete_wordlisttrial', 'Can delete dry run of a word list'),
(326, 87, 'view_wordlisttrial', 'Can view dry run of a word list'),
(327, 88, 'add_decisionreason', 'Can add reason of decisions'),
(328, 88, 'change_decisionreason', 'Can change reason of decisions'),
(329, 88, 'delete_decisionreason', 'Can delete reason of decisions'),
(330, 88, 'view_decisionreason', 'Can view reason of decisions'),
(331, 91, 'add_blockrequest', 'Can add request to block a comment'),
(332, 91, 'change_blockrequest', 'Can change request to block a comment'),
(333, 91, 'delete_blockrequest', 'Can delete request to block a comment'),
(334, 91, 'view_blockrequest', 'Can view request to block a comment'),
(335, 93, 'add_appeal', 'Can add appeal'),
(336, 93, 'change_appeal', 'Can change appeal'),
(337, 93, 'delete_appeal', 'Can delete appeal'),
(338, 93, 'view_appeal', 'Can view appeal'),
(339, 95, 'add_surgealert', 'Can add surge'),
(340, 95, 'change_surgealert', 'Can change surge'),
(341, 95, 'delete_surgealert', 'Can delete surge'),
(342, 95, 'view_surgealert', 'Can view surge'),
(343, 96, 'add_save', 'Can add saved article'),
(344, 96, 'change_save', 'Can change saved article'),
(345, 96, 'delete_save', 'Can delete saved article'),
(346, 96, 'view_save', 'Can view saved article'),
(347, 97, 'add_heartbeat', 'Can add heartbeat'),
(348, 97, 'change_heartbeat', 'Can change heartbeat'),
(349, 97, 'delete_heartbeat', 'Can delete heartbeat'),
(350, 97, 'view_heartbeat', 'Can view heartbeat'),
(351, 16, 'delete_bundle', 'Can delete bundle'),
(352, 98, 'add_draftauthor', 'Can add author'),
(353, 98, 'change_draftauthor', 'Can change author'),
(354, 98, 'delete_draftauthor', 'Can delete author'),
(355, 98, 'view_draftauthor', 'Can view author'),
(356, 99, 'add_draftpick', 'Can add related article'),
(357, 99, 'change_draftpick', 'Can change related article'),
(358, 99, 'delete_draftpick', 'Can delete related article'),
(359, 99, 'view_draftpick', 'Can view related article'),
(360, 100, 'add_drafttag', 'Can add draft tag'),
(361, 100, 'change_drafttag', 'Can change draft tag'),
(362, 100, 'delete_drafttag', 'Can delete draft tag'),
(363, 100, 'view_drafttag', 'Can view draft tag'),
(364, 102, 'add_preview', 'Can add preview link'),
(365, 102, 'change_preview', 'Can change preview link'),
(366, 102, 'delete_preview', 'Can delete preview link'),
(367, 102, 'view_preview', 'Can view preview link'),
(368, 8, 'add_release', 'Can add release'),
(369, 8, 'delete_release', 'Can delete release'),
(370, 114, 'add_emailaddress', 'Can add email address'),
(371, 114, 'change_emailaddress', 'Can change email address'),
(372, 114, 'delete_emailaddress', 'Can delete email address'),
(373, 114, 'view_emailaddress', 'Can view email address'),
(374, 115, 'add_emailconfirmation', 'Can add email confirmation'),
(375, 115, 'change_emailconfirmation', 'Can change email confirmation'),
(376, 115, 'delete_emailconfirmation', 'Can delete email confirmation'),
(377, 115, 'view_emailconfirmation', 'Can view email confirmation'),
(378, 116, 'add_socialaccount', 'Can add social account'),
(379, 116, 'change_socialaccount', 'Can change social account'),
(380, 116, 'delete_socialaccount', 'Can delete social account'),
(381, 116, 'view_socialaccount', 'Can view social account'),
(382, 117, 'add_socialapp', 'Can add social application'),
(383, 117, 'change_socialapp', 'Can change social application'),
(384, 117, 'delete_socialapp', 'Can delete social application'),
(385, 117, 'view_socialapp', 'Can view social application'),
(386, 118, 'add_socialtoken', 'Can add social application token'),
(387, 118, 'change_socialtoken', 'Can change social application token'),
(388, 118, 'delete_socialtoken', 'Can delete social application token'),
(389, 118, 'view_socialtoken', 'Can view social application token'),
(390, 119, 'add_authenticator', 'Can add authenticator'),
(391, 119, 'change_authenticator', 'Can change authenticator'),
(392, 119, 'delete_authenticator', 'Can delete authenticator'),
(393, 119, 'view_authenticator', 'Can view authenticator');

INSERT INTO "auth_group" ("id", "name") VALUES
(1, 'reporter'),
(2, 'editor'),
(3, 'chief'),
(4, 'moderator');

INSERT INTO "comments_wordlist" ("id", "number", "entries", "digest", "note", "restored_number", "created_at", "created_by_id") VALUES
(1, 1, '[{"text": "18\ub144\uc544", "severity": "hold", "mode": "exact", "note": ""}, {"text": "18\ub188", "severity": "hold", "mode": "exact", "note": ""}, {"text": "18\ub828", "severity": "hold", "mode": "exact", "note": ""}, {"text": "18\uc0c8\ub07c", "severity": "hold", "mode": "exact", "note": ""}, {"text": "asshole", "severity": "hold", "mode": "word", "note": ""}, {"text": "bitch", "severity": "hold", "mode": "word", "note": ""}, {"text": "bullshit", "severity": "hold", "mode": "word", "note": ""}, {"text": "byeongsin", "severity": "hold", "mode": "word", "note": ""}, {"text": "byungsin", "severity": "hold", "mode": "word", "note": ""}, {"text": "cibal", "severity": "hold", "mode": "word", "note": ""}, {"text": "fuck", "severity": "hold", "mode": "word", "note": ""}, {"text": "fucker", "severity": "hold", "mode": "word", "note": ""}, {"text": "fucking", "severity": "hold", "mode": "word", "note": ""}, {"text": "gaesekki", "severity": "hold", "mode": "word", "note": ""}, {"text": "jiral", "severity": "hold", "mode": "word", "note": ""}, {"text": "motherfucker", "severity": "hold", "mode": "word", "note": ""}, {"text": "shibal", "severity": "hold", "mode": "word", "note": ""}, {"text": "shit", "severity": "hold", "mode": "word", "note": ""}, {"text": "sibal", "severity": "hold", "mode": "word", "note": ""}, {"text": "ssibal", "severity": "hold", "mode": "word", "note": ""}, {"text": "tlqkf", "severity": "hold", "mode": "word", "note": ""}, {"text": "tq", "severity": "hold", "mode": "word", "note": ""}, {"text": "tqsk", "severity": "hold", "mode": "word", "note": ""}, {"text": "xibal", "severity": "hold", "mode": "word", "note": ""}, {"text": "\u3131\u3145\u3132", "severity": "hold", "mode": "start", "note": ""}, {"text": "\u3132\u3148", "severity": "hold", "mode": "start", "note": ""}, {"text": "\u3134\u3131\u3141", "severity": "hold", "mode": "start", "note": ""}, {"text": "\u3137\u314a", "severity": "hold", "mode": "start", "note": ""}, {"text": "\u3141\u314a", "severity": "hold", "mode": "start", "note": ""}, {"text": "\u3141\u314a\u3134", "severity": "hold", "mode": "start", "note": ""}, {"text": "\u3141\u314a\u3145\u3132", "severity": "hold", "mode": "start", "note": ""}, {"text": "\u3142\u3145", "severity": "hold", "mode": "start", "note": ""}, {"text": "\u3142\u3145\u3145\u3132", "severity": "hold", "mode": "start", "note": ""}, {"text": "\u3145\u3132", "severity": "hold", "mode": "start", "note": ""}, {"text": "\u3145\u3142", "severity": "hold", "mode": "start", "note": ""}, {"text": "\u3145\u3142\u3134", "severity": "hold", "mode": "start", "note": ""}, {"text": "\u3145\u3142\u3139", "severity": "hold", "mode": "start", "note": ""}, {"text": "\u3145\u3142\u3139\u3141", "severity": "hold", "mode": "start", "note": ""}, {"text": "\u3145\u3142\u3145\u3132", "severity": "hold", "mode": "start", "note": ""}, {"text": "\u3146\u3134", "severity": "hold", "mode": "start", "note": ""}, {"text": "\u3146\u3145\u3132", "severity": "hold", "mode": "start", "note": ""}, {"text": "\u3147\u3145\u3132", "severity": "hold", "mode": "start", "note": ""}, {"text": "\u3147\uc0c8\ub07c", "severity": "hold", "mode": "word", "note": ""}, {"text": "\u3148\u3132", "severity": "hold", "mode": "start", "note": ""}, {"text": "\u3148\u3134", "severity": "hold", "mode": "start", "note": ""}, {"text": "\u3148\u3139", "severity": "hold", "mode": "start", "note": ""}, {"text": "\u3148\u3139\u3142\u3145", "severity": "hold", "mode": "start", "note": ""}, {"text": "\u3148\uac19", "severity": "hold", "mode": "start", "note": ""}, {"text": "\u3148\uae4c", "severity": "hold", "mode": "start", "note": ""}, {"text": "\u3148\ub9dd", "severity": "hold", "mode": "start", "note": ""}, {"text": "\u3148\ubc25", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uac1c \uc0c8\ub07c", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uac1c \uc790\uc2dd", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uac1c\uac19\uc740 \ub144", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uac1c\uac19\uc740 \ub188", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uac1c\uac1d\ub07c", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uac1c\ub144", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uac1c\ub188", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uac1c\ub3fc\uc9c0", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uac1c\uc0c8", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uac1c\uc0c8\ub07c", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uac1c\uc0c8\ub9ac", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uac1c\uc0c8\ud0a4", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uac1c\uc0c9\uae30", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uac1c\uc0c9\ub07c", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uac1c\uc0c9\ud788", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uac1c\uc0e4\ub07c", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uac1c\uc0f9\ub07c", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uac1c\uc139", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uac1c\uc18c\ub9ac", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uac1c\uc250", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uac1c\uc250\ub9ac", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uac1c\uc251", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uac1c\uc2a4\ub07c", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uac1c\uc2dc\ub07c", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uac1c\uc2dc\ubc1c", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uac1c\uc2dc\ud0a4", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uac1c\uc2dd\ub07c", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uac1c\uc315", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uac1c\uc4f0\ub07c", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uac1c\uc4f0\ub808\uae30", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uac1c\uc528\ubc1c", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uac1c\uc790\uc2dd", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uac1c\uc9c0\ub784", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uac1c\uc9d3\ub784", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uac78\ub808\ub144", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uac8c\uc2a4\ub07c", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uadf8 \uc0c8\ub07c", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uadf8\uc0c8\ub07c", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uadf8\uc0c9\ud788", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uae09\uc2dd\ucda9", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uae40\uce58\ub140", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uae5c\ub465\uc774", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uaebc\uc800", "severity": "flag", "mode": "command", "note": ""}, {"text": "\uaebc\uc838", "severity": "flag", "mode": "command", "note": ""}, {"text": "\uaebc\uc838\ub77c", "severity": "flag", "mode": "command", "note": ""}, {"text": "\uaebc\uc9c0\ub77c", "severity": "flag", "mode": "command", "note": ""}, {"text": "\uaebc\uc9c0\ub77c\uace0", "severity": "flag", "mode": "command", "note": ""}, {"text": "\uaebc\uc9c0\uc148", "severity": "flag", "mode": "command", "note": ""}, {"text": "\ub07c\uc0c8\uac1c", "severity": "hold", "mode": "alone", "note": ""}, {"text": "\ub290\uac1c\ube44", "severity": "hold", "mode": "start", "note": ""}, {"text": "\ub290\uadf8\ub9e4", "severity": "hold", "mode": "start", "note": ""}, {"text": "\ub290\uae08\ub9c8", "severity": "hold", "mode": "anywhere", "note": ""}, {"text": "\ub290\uae08\ub9c8", "severity": "hold", "mode": "start", "note": ""}, {"text": "\ub2c8\ubbf8\ub7f4", "severity": "hold", "mode": "start", "note": ""}, {"text": "\ub2c8\uc560\ubbf8", "severity": "hold", "mode": "start", "note": ""}, {"text": "\ub2c8\uc560\ube44", "severity": "hold", "mode": "start", "note": ""}, {"text": "\ub2e5\ucc98", "severity": "flag", "mode": "command", "note": ""}, {"text": "\ub2e5\uccd0", "severity": "flag", "mode": "command", "note": ""}, {"text": "\ub2e5\uccd0\ub77c", "severity": "flag", "mode": "command", "note": ""}, {"text": "\ub2e5\ucd78", "severity": "flag", "mode": "command", "note": ""}, {"text": "\ub2e5\uce58\ub77c\uace0", "severity": "flag", "mode": "command", "note": ""}, {"text": "\ub2e5\uce58\uc138\uc694", "severity": "flag", "mode": "command", "note": ""}, {"text": "\ub2e5\uce58\uc148", "severity": "flag", "mode": "command", "note": ""}, {"text": "\ub3cc\ub300\uac00\ub9ac", "severity": "hold", "mode": "word", "note": ""}, {"text": "\ub3cc\uc544\uc774", "severity": "hold", "mode": "word", "note": ""}, {"text": "\ub41c\uc7a5\ub140", "severity": "hold", "mode": "word", "note": ""}, {"text": "\ub488\uc838", "severity": "flag", "mode": "command", "note": ""}, {"text": "\ub4a4\uc800", "severity": "flag", "mode": "command", "note": ""}, {"text": "\ub4a4\uc838", "severity": "flag", "mode": "command", "note": ""}, {"text": "\ub4f1\uc2e0", "severity": "hold", "mode": "word", "note": ""}, {"text": "\ub514\uc800", "severity": "flag", "mode": "command", "note": ""}, {"text": "\ub514\uc838", "severity": "flag", "mode": "command", "note": ""}, {"text": "\ub610\ub77c\uc774", "severity": "hold", "mode": "word", "note": ""}, {"text": "\ub610\ub878\uc774", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\ub618\ucd94", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\ub784\uc9c0", "severity": "hold", "mode": "alone", "note": ""}, {"text": "\ub9d8\ucda9", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uba38\uc800\ub9ac", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uba4d\ucc59\uc774", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uba4d\uccad\uc544", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uba4d\uccad\uc774", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uba4d\ucd1d\uc774", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uba4d\ucda9\uc544", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uba4d\ucda9\uc774", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uba4d\ud145\uad6c\ub9ac", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uba4d\ud145\uc774", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\ubbf8\ucc48\ub188", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\ubbf8\ucdec\ub188", "severity": "hold", "mode": "word", "note": ""}, {"text": "\ubbf8\uce5c", "severity": "flag", "mode": "command", "note": ""}, {"text": "\ubbf8\uce5c \ub144", "severity": "hold", "mode": "word", "note": ""}, {"text": "\ubbf8\uce5c \ub188", "severity": "hold", "mode": "word", "note": ""}, {"text": "\ubbf8\uce5c \uc0c8\ub07c", "severity": "hold", "mode": "word", "note": ""}, {"text": "\ubbf8\uce5c\uac1c", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\ubbf8\uce5c\uac83\ub4e4", "severity": "hold", "mode": "word", "note": ""}, {"text": "\ubbf8\uce5c\ub118", "severity": "hold", "mode": "word", "note": ""}, {"text": "\ubbf8\uce5c\ub144", "severity": "hold", "mode": "word", "note": ""}, {"text": "\ubbf8\uce5c\ub188", "severity": "hold", "mode": "word", "note": ""}, {"text": "\ubbf8\uce5c\ub1ec", "severity": "hold", "mode": "word", "note": ""}, {"text": "\ubbf8\uce5c\ub828", "severity": "hold", "mode": "word", "note": ""}, {"text": "\ubbf8\uce5c\uc0c8\ub07c", "severity": "hold", "mode": "word", "note": ""}, {"text": "\ubbf8\uce5c\uc0c9\ud788", "severity": "hold", "mode": "word", "note": ""}, {"text": "\ubbf8\ud2f4\ub144", "severity": "hold", "mode": "word", "note": ""}, {"text": "\ubbf8\ud2f4\ub188", "severity": "hold", "mode": "word", "note": ""}, {"text": "\ubbff\uce5c\ub188", "severity": "hold", "mode": "word", "note": ""}, {"text": "\ubc0b\uce5c\ub188", "severity": "hold", "mode": "word", "note": ""}, {"text": "\ubc14\ubcf4", "severity": "hold", "mode": "word", "note": ""}, {"text": "\ubc14\ubcf4 \uc0c8\ub07c", "severity": "hold", "mode": "word", "note": ""}, {"text": "\ubc14\ubcf4\uc0c8\ub07c", "severity": "hold", "mode": "word", "note": ""}, {"text": "\ubc14\ubd80", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\ubc1c\uc2dc", "severity": "hold", "mode": "alone", "note": ""}, {"text": "\ubc1c\uc528", "severity": "hold", "mode": "alone", "note": ""}, {"text": "\ubc45\uc2e0", "severity": "hold", "mode": "word", "note": ""}, {"text": "\ubc8c\uc528", "severity": "hold", "mode": "alone", "note": ""}, {"text": "\ubc99\uc2e0", "severity": "hold", "mode": "word", "note": ""}, {"text": "\ubcbc\uc2e0", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\ubcd1\ub531", "severity": "hold", "mode": "word", "note": ""}, {"text": "\ubcd1\uc270", "severity": "hold", "mode": "word", "note": ""}, {"text": "\ubcd1\uc2dc\ub2c8", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\ubcd1\uc2e0", "severity": "hold", "mode": "word", "note": ""}, {"text": "\ubcd1\uc2e0 \uc0c8\ub07c", "severity": "hold", "mode": "word", "note": ""}, {"text": "\ubcd1\uc2e0\uc0c8\ub07c", "severity": "hold", "mode": "word", "note": ""}, {"text": "\ubcf4\ubc14", "severity": "hold", "mode": "alone", "note": ""}, {"text": "\ubd79\uc2e0", "severity": "hold", "mode": "word", "note": ""}, {"text": "\ube05\ub531", "severity": "hold", "mode": "word", "note": ""}, {"text": "\ube05\uc2e0", "severity": "hold", "mode": "word", "note": ""}, {"text": "\ube59\uc2e0", "severity": "hold", "mode": "word", "note": ""}, {"text": "\ube61\ub300\uac00\ub9ac", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uc0c8\uae84", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uc0c8\ub060", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uc0c8\ub07c", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uc0c8\ub07c\ub4e4\uc544", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uc0c8\ub07c\uc57c", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uc0c8\ud0a4\uc57c", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uc0c9\ud788", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uc100\ub07c", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uc250\ub07c", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uc250\ud0a4\uc57c", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uc251\ub07c", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uc251\ud788", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uc288\ubc1c", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc288\ubc8c", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc288\ud314", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uc2a4\ubc1c", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc2dc\ubc14", "severity": "hold", "mode": "alone", "note": ""}, {"text": "\uc2dc\ubc1c", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc2dc\ubc1c \ub144", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uc2dc\ubc1c \ub188", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uc2dc\ubc1c \uc0c8\ub07c", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uc2dc\ubc1c\ub144", "severity": "hold", "mode": "anywhere", "note": ""}, {"text": "\uc2dc\ubc1c\ub144", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc2dc\ubc1c\ub188", "severity": "hold", "mode": "anywhere", "note": ""}, {"text": "\uc2dc\ubc1c\ub188", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc2dc\ubc1c\uc0c8\ub07c", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc2dc\ubc24\ubc14", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uc2dc\ubc29\uc0c8", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc2dc\ubc54", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc2dc\ubc8c", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc2dc\ubcfc", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc2dc\ubd10", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uc2dc\ubd18", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc2dc\ubd80\ub784", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc2dc\ubd80\ub7f4", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc2dc\ubd88\ub188", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc2dc\ubdf8", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uc2dc\ube68", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc2dc\uc544\ubc1c", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc2dc\uc73c\ubc1c", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc2dc\uc789\ubc1c", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc2dc\ud314", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc2dc\ud384", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc2e0\ube05", "severity": "hold", "mode": "alone", "note": ""}, {"text": "\uc2ed\uc0c8", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc2ed\uc0c8\ub07c", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc2ed\uc0c9\ub07c", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uc2ed\uc0c9\ud788", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uc2ed\ud314\ub144\uc544", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc2ed\ud314\ub188", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc2ed\ud314\uc0c8\ub07c", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uc30d\ub144", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uc30d\ub188", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uc330\ubc1c", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uc345", "severity": "hold", "mode": "alone", "note": ""}, {"text": "\uc345", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uc345\ub144", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uc345\ub188", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uc4f0\ub808\uae30\uc0c8\ub07c", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uc4f0\ubc1c", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc528\ubc14", "severity": "hold", "mode": "alone", "note": ""}, {"text": "\uc528\ubc1c", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc528\ubc1c\ub144", "severity": "hold", "mode": "anywhere", "note": ""}, {"text": "\uc528\ubc1c\ub188", "severity": "hold", "mode": "anywhere", "note": ""}, {"text": "\uc528\ubc1c\uc0c8\ub07c", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc528\ubc45", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uc528\ubc8c", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc528\ubd10", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uc528\ubd80\ub784", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc528\ubd80\ub7f4", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc528\ubd88", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uc528\ubdf8", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uc528\ube0c\ub784", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc528\ud314", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc528\ud384", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc539", "severity": "hold", "mode": "alone", "note": ""}, {"text": "\uc539\ub144", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc539\ub188", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc539\uc0c8", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc539\uc0c8\ub07c", "severity": "hold", "mode": "anywhere", "note": ""}, {"text": "\uc539\ucc3d", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc539\ud314", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uc539\ud560", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uc53d\ubc1c", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc544\uac00\ub9ac", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uc544\ub2e5", "severity": "hold", "mode": "alone", "note": ""}, {"text": "\uc54c\uc2dc", "severity": "hold", "mode": "alone", "note": ""}, {"text": "\uc570\ucc3d", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc5bc\uac04\uc774", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uc5e0\ucc3d", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc5fc\ubcd1\ud560", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc5ff\uba39\uc5b4", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc6b0\ub77c\uc9c8", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc721\uc2dc\ub784", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc774 \uc0c8\ub07c", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uc774\uc0c8\ub07c", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uc774\uc0c8\ud0a4", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uc774\uc0c9\uae30", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uc774\uc0c9\ub07c", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uc774\uc0c9\ud788", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uc774\uc250\ud0a4", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uc774\uc251", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uc774\uc2dc\ub07c", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uc774\uccad\uba4d", "severity": "hold", "mode": "alone", "note": ""}, {"text": "\uc7a1\ub188", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uc800 \uc0c8\ub07c", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uc800\uc0c8\ub07c", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uc800\uc0c8\ud0a4", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uc800\uc0c9\ub07c", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uc800\uc0c9\ud788", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uc800\uc250\ud0a4", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uc800\uc251", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uc800\uc2dc\ub07c", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uc81c\uae30\ub784", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc870\uae4c", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uc870\uae4c\ub77c", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uc870\uae4c\uce58", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uc870\uae4c\ud2bc", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uc870\uae65", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uc871\uac19", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uc871\uae4c", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uc874\ub098", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uc877", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc877\uac19", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uc883\uac19", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uc883\ub098", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uc886", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc886\uac19", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc886\uae4c", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc886\ub098", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc886\ub9dd", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc886\ubc25", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc887\uac19", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uc887\uae4c", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uc8fc\ub465\uc544\ub9ac", "severity": "hold", "mode": "word", "note": ""}, {"text": "\uc8fd\uc5b4\ub77c", "severity": "flag", "mode": "command", "note": ""}, {"text": "\uc9c0\ub784", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc9c0\ub7f4", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc9c0\ub864", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uc9c0\ub8f0", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\uc9f1\uae68", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\ucabc\ub2e4", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\ucabd\ubc14\ub9ac", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\ucabd\ubc1c\uc774", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\ucac0\ub098", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\ucc0c\uc9c8\uc774", "severity": "hold", "mode": "word", "note": ""}, {"text": "\ucc10\ub530", "severity": "hold", "mode": "exact", "note": ""}, {"text": "\ucc10\ub530\uc0c8\ub07c", "severity": "hold", "mode": "word", "note": ""}, {"text": "\ucc3d\ub140", "severity": "hold", "mode": "word", "note": ""}, {"text": "\ucc3d\ub144", "severity": "hold", "mode": "word", "note": ""}, {"text": "\ud2c0\ub531", "severity": "hold", "mode": "word", "note": ""}, {"text": "\ud55c\ub0a8\ucda9", "severity": "hold", "mode": "word", "note": ""}, {"text": "\ud638\ub85c \uc0c8\ub07c", "severity": "hold", "mode": "word", "note": ""}, {"text": "\ud638\ub85c\uc0c8\ub07c", "severity": "hold", "mode": "start", "note": ""}, {"text": "\ud638\ub85c\uc790\uc2dd", "severity": "hold", "mode": "start", "note": ""}, {"text": "\ud654\ub0e5\ub144", "severity": "hold", "mode": "word", "note": ""}, {"text": "\ud6c4\ub808\uc0c8\ub07c", "severity": "hold", "mode": "start", "note": ""}, {"text": "\ud6c4\ub808\uc790\uc2dd", "severity": "hold", "mode": "start", "note": ""}, {"text": "\uac00\uc871\uac19", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uac1c\ub144", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uac1c\ub144\uac04", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uac1c\ub144\ub3c4", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uac1c\ub144\ucc28", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uac1c\ub188\ud321", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uac1c\ub3fc\uc9c0\uac10\uc790", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uac1c\uc0c8\ub85c", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uac1c\uc0c8\ubcbd", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uac1c\uc0c8\uc6b0", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uac1c\uc0c9", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uac1c\uc138\uae08", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uac1c\uc138\uae30", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uac1c\uc138\ubbf8", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uac1c\uc138\uc77c", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uac1c\uc138\uc885", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uac1c\uc18c\ub9ac\uafbc", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uac1c\uc194\ub9b0", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uac1c\uc250\uc774\ud06c", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uac8c\ub188", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uad6c\ub4f1\uc2e0", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uad6c\ubbf8\uc2dc", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uadf8\uc138\uae30", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uae40\uc9c0\ub784", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uae40\ud574\uc2dc", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uaebc\uc838\uac00", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ub17c\uc0b0\uc2dc", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ub354\uc6b1\ub2e4\uc2dc", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ub3c4\uc2dc\ubc14", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ub3cc\uc544\uc774\uac00", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ub3d9\uc0dd\ubc14\ubcf4", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ub3d9\ud574\uc2dc", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ub4f1\uc2e0\ub300", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ub4f1\uc2e0\ubd88", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ub4f1\ud55c\uc2dc", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ub538\ubc14\ubcf4", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ub610\ub2e4\uc2dc", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ub610\ub77c\uc778\ub354", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ub784\ud504", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uba87\uac1c\ub144", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubbf8\uce5c\uac1c\uad6c\ub9ac", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubbf8\uce5c\ub144\ub300", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc14\ubcf4\ub4e4\uc758\ud589\uc9c4", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc14\ubcf4\uc0ac\ub791", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc14\ubcf4\uc0c1\uc790", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc14\ubcf4\uc0c8", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc14\ubcf4\uc628\ub2ec", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc14\ubcf4\uc758\ubcbd", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc14\ubcf4\uc774\ubc18", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc14\ubcf4\uc8fc\ub9c9", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc14\ubcf4\ud68c", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc1c\uac01", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc1c\uac04", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc1c\uac78\uc74c", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc1c\uacac", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc1c\uad70", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc1c\uad74", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc1c\uad8c", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc1c\uae09", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc1c\uae30\uc778", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc1c\uae38", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc1c\ub2e8", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc1c\ub2ec", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc1c\ub77c\ub4dc", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc1c\ub808", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc1c\ub839", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc1c\uba85", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc1c\ubaa9", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc1c\ubc84\ub465", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc1c\ubcd1", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc1c\ubcf8", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc1c\uc0b0", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc1c\uc0c1", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc1c\uc1a1", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc1c\uc2e0", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc1c\uc2e0\uc790", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc1c\uc544\uc2dc\ud5d8", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc1c\uc544\uc728", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc1c\uc5b8", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc1c\uc6d0", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc1c\uc721", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc1c\uc74c", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc1c\uc758", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc1c\uc790\uad6d", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc1c\uc8fc\ucc98", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc1c\ucc28", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc1c\ucf54\ub2c8", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc1c\ud0c1", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc1c\ud310", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc1c\ud3ec", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc1c\ud45c", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc1c\ud6a8", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc1c\ud718", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc25\ubcf4\uace0", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc25\ubcf4\ub2e4", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubc25\ubcf4\ub2e8", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubcf4\uac74", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubcf4\uace0\uc11c", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubcf4\uad00", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubcf4\uae09", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubcf4\ub9ac", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubcf4\ubb3c", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubcf4\uc0c1", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubcf4\uc720", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubcf4\uc77c\ub7ec", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubcf4\uc7a5", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubcf4\uc870", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubcf4\ud1b5", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubcf4\ud5d8", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubcf4\ud638", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubcf8\uc2dc\ubc1c", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubd09\uc2e0", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ubf51\uc544", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc0ac\ucc9c\uc2dc", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc0bc\uac1c\ub144", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc0c1\ub188", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc0c8\ub07c\uac15\uc544\uc9c0", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc0c8\ub07c\uace0\uc591\uc774", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc0c8\ub07c\uacf0", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc0c8\ub07c\uaf2c\uae30", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc0c8\ub07c\ub3fc\uc9c0", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc0c8\ub07c\ubc1c\uac00\ub77d", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc0c8\ub07c\uc190\uac00\ub77d", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc0c8\ub07c\uc57c\ud06c", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc0c8\ub07c\uc591", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc0c8\ub07c\uc624\ub9ac", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc0c8\ub07c\uc904", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc0c8\ub07c\uce58\uae30", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc138\uae30", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc138\uae30\uc57c", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc190\ub140\ubc14\ubcf4", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc190\uc790\ubc14\ubcf4", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc190\uc8fc\ubc14\ubcf4", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc218\ubc1c", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc218\ubc8c", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc26c\ubc14\uc2e0", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc288\ubc1c\ub9ac\uc5d0", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc288\ubc1c\ube14\ub791", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc288\ud37c\ubc14", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2a4\ub0b5\ubc14", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2a4\ubc1c\ub808", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2a4\ubc1c\ub85c", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2a4\ubc1c\ubc14\ub974", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2dc\ubc14\uacac", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2dc\ubc14\uacf5\uc6d0", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2dc\ubc14\uad6c", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2dc\ubc14\ub8cc", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2dc\ubc14\uc0ac\ud0a4", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2dc\ubc14\uc2a4", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2dc\ubc14\uc2e0", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2dc\ubc14\uc5ec\uc2e0", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2dc\ubc14\uc5ec\uc655", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2dc\ubc14\uc774\ub204", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2dc\ubc14\ud0c0", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2dc\ubc1c\uae30\uc9c0", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2dc\ubc1c\ub178\uc120", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2dc\ubc1c\ubc84\uc2a4", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2dc\ubc1c\uc5ed", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2dc\ubc1c\uc5f4\ucc28", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2dc\ubc1c\uc790\ub3d9\ucc28", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2dc\ubc1c\uc810", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2dc\ubc1c\uc815\ub958\uc7a5", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2dc\ubc1c\ud0dd\uc2dc", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2dc\ubc1c\ud56d", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2dc\ubc8c\uac74", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2dc\ubc8c\uac8b", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2dc\ubc8c\uae08", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2dc\ubc8c\uc368", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2dc\ubc8c\uc5b4", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2dc\ubc8c\uc774", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2dc\ubc8c\uc778", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2dc\ubc8c\ud310", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2dc\ubd88\ube5b", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2dc\ubed8", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2dc\ud314\ub808", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2dc\ud314\ub9b0", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2dc\ud314\uc544", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2dc\ud314\uc558", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2dc\ud384\ub7ed", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2dc\ud384\ud384", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2e0\uace0", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2e0\uaddc", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2e0\ub3c4\uc2dc", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2e0\ub8b0", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2e0\ubb38", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2e0\ubc1c", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2e0\ubcd1", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2e0\ubd80", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2e0\ubd84", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2e0\uc0ac", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2e0\uc0dd", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2e0\uc120", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2e0\uc6a9", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2e0\uc778\uc0c1", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2e0\uc81c\ud488", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2e0\uccad", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2e0\uccb4", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2e0\ud559", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2e0\ud638", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2e0\ud63c", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2e4\ubb3c\ub4f1\uc2e0", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2ed\uac1c\ub144", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2ed\ub144", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2ed\uc0c9", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2ed\uc0c9\uae54", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2ed\uc54c\ub2e8", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc2ed\uc778\uc2ed\uc0c9", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc30d\uaebc\ud480", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc30d\ub465\uc774", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc30d\ubb38", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc30d\ubc29", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc30d\uc6a9", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc30d\ud654\ud0d5", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc345\ucc28\uc774", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc528\ubc1c\uc544\uae30", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc528\ubc1c\uc544\ub825", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc528\ubc1c\uc544\uc138", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc528\ubc1c\uc544\uc2dc\ud5d8", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc528\ubc1c\uc544\uc2e4\ud5d8", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc528\ubc1c\uc544\uc728", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc544\uac00\ub9ac\ucfe0\uc2a4", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc544\ub4e4\ubc14\ubcf4", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc544\ube60", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc54c\ubc14", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc5bc\uac04\uc774\uace0\ub4f1\uc5b4", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc5bc\uac04\uc774\ub4e4", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc5d0\ubc14", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc5ec\uc218\uc2dc", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc624\uac1c\ub144", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc624\ub4f1\uc2e0", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc624\ube60", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc624\uc2a4\ubc1c\ub3c4", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc624\uc2a4\ubc1c\ud2b8", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc624\ud6c4\uc7a5", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc721\ub4f1\uc2e0", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc774\uc0c9", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc774\uc0c9\uc774", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc774\uc0c9\uc801", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc774\uc138\uae30", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc800\uc138\uae30", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc804\uc2e0\ubcd1", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc815\uc2e0\ubcd1", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc870\uae4c\uc9c0", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc870\uae4c\uc9d3", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc870\uce74\ubc14\ubcf4", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc871\uae4c\uc9c0", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc871\ubc1c", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc886\ub300\uc2e0", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc88c\uc871\uae4c", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc8fc\ub465\uc544\ub9ac\ub97c\ub2e6", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc8fd\uc5b4\ub77c\ud558\uace0", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc9c0\ub784\ud0c0", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc9c0\ub784\ud0c4", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc9c0\ub7f4\ub4dc", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc9c0\ub864\ub77c", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uc9c0\uc9c0\ub9ac", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ucabc\ub2e4\ub2c8", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ucc3d\ub140\ucd0c", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ucc3d\ub155", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ucd5c\uc9c0\ub784", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uce60\ub4f1\uc2e0", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\uce74\ubc14", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ucfe0\ubc14", "severity": "hold", "mode": "allowed", "note": ""}, {"text": "\ud314\ub4f1\uc2e0", "severity": "hold", "mode": "allowed", "note": ""}]', '13ae6525abae299e3f800940264cbf96ed3f4846975ad1603598e11735586b75', '', NULL, '2026-11-30 00:00:00', NULL);

INSERT INTO "comments_decisionreason" ("id", "code", "label_ko", "label_en", "message_ko", "message_en", "position", "is_offered") VALUES
(1, 'abuse', '욕설·비방', 'Abuse', '다른 사람을 욕하거나 헐뜯는 표현이 있어 댓글을 가렸습니다. 의견은 표현을 바꿔 다시 쓰실 수 있습니다.', 'We have hidden your comment because it insults somebody. You are welcome to say what you think in other words.', 10, 1),
(2, 'hate', '혐오·차별', 'Hate', '출신, 성별, 장애, 종교 등을 이유로 사람을 깎아내리는 표현이 있어 댓글을 가렸습니다.', 'We have hidden your comment because it degrades people for who they are.', 20, 1),
(3, 'obscene', '음란·선정', 'Obscene', '음란하거나 선정적인 표현이 있어 댓글을 가렸습니다.', 'We have hidden your comment because it is obscene.', 30, 1),
(4, 'personal_data', '개인정보 노출', 'Personal data', '연락처나 주소 같은 개인정보가 들어 있어 댓글을 가렸습니다. 그 부분을 빼고 다시 쓰실 수 있습니다.', 'We have hidden your comment because it has somebody''s personal data. You may post it again without them.', 40, 1),
(5, 'falsehood', '허위 사실', 'Falsehood', '사실과 다른 내용으로 다른 사람에게 피해를 줄 수 있어 댓글을 가렸습니다.', 'We have hidden your comment because it says something false that may harm somebody.', 50, 1),
(6, 'spam', '광고·도배', 'Spam', '광고이거나 같은 내용을 되풀이한 글이어서 댓글을 가렸습니다.', 'We have hidden your comment because it is advertising, or repeats what was posted before.', 60, 1),
(7, 'off_topic', '기사와 무관', 'Off topic', '기사와 관계없는 내용이어서 댓글을 가렸습니다.', 'We have hidden your comment because it has nothing to do with the story.', 70, 1),
(8, 'other', '그 밖의 이용 규칙 위반', 'Another breach of the rules', '이용 규칙에 맞지 않아 댓글을 가렸습니다.', 'We have hidden your comment because it breaks the rules of this site.', 80, 1);

INSERT INTO "wire_source" ("id", "slug", "name", "agency", "active", "charset", "rights", "ai_use_prohibited", "idle_after", "quiet_from", "quiet_until", "cancellation_policy", "format") VALUES
(1, 'yonhap', '연합뉴스', '연합뉴스', 1, '', '', 0, NULL, NULL, NULL, 'alert', 'auto');

DELETE FROM sqlite_sequence;

INSERT INTO "sqlite_sequence" ("name", "seq") VALUES
('django_migrations', 135),
('django_content_type', 119),
('auth_permission', 393),
('auth_group', 4),
('account_emailaddress', 0),
('accounts_user', 0),
('accounts_retainedsanction', 0),
('django_admin_log', 0),
('polls_tally', 0),
('media_photo', 0),
('articles_article', 0),
('articles_section', 0),
('articles_edition', 0),
('articles_boxedarticle', 0),
('comments_comment', 0),
('comments_wordlist', 1),
('comments_report', 0),
('comments_decisionreason', 8),
('comments_notification', 0),
('comments_blocknotice', 0),
('comments_blockrequest', 0),
('comments_surgealert', 0),
('auth_group_permissions', 144),
('desk_draftversion', 0),
('desk_claim', 0),
('desk_sectionrole', 0),
('desk_draft', 0),
('mfa_authenticator', 0),
('polls_vote', 0),
('polls_poll', 0),
('socialaccount_socialapp', 0),
('socialaccount_socialtoken', 0),
('socialaccount_socialaccount', 0),
('wire_source', 1),
('wire_delivery', 0),
('wire_story', 0),
('wire_version', 0),
('wire_matchterm', 0),
('wire_storydecision', 0),
('wire_matchquestion', 0),
('wire_channel', 0),
('wire_storyphoto', 0);

CREATE UNIQUE INDEX "django_content_type_app_label_model_76bd3d3b_uniq" ON "django_content_type" ("app_label", "model");

CREATE UNIQUE INDEX "auth_group_permissions_group_id_permission_id_0cd325b0_uniq" ON "auth_group_permissions" ("group_id", "permission_id");

CREATE INDEX "auth_group_permissions_group_id_b120cbf9" ON "auth_group_permissions" ("group_id");

CREATE INDEX "auth_group_permissions_permission_id_84c5c92e" ON "auth_group_permissions" ("permission_id");

CREATE UNIQUE INDEX "auth_permission_content_type_id_codename_01ab375a_uniq" ON "auth_permission" ("content_type_id", "codename");

CREATE INDEX "auth_permission_content_type_id_2f476e4b" ON "auth_permission" ("content_type_id");

CREATE UNIQUE INDEX "accounts_user_groups_user_id_group_id_59c0b32f_uniq" ON "accounts_user_groups" ("user_id", "group_id");

CREATE INDEX "accounts_user_groups_user_id_52b62117" ON "accounts_user_groups" ("user_id");

CREATE INDEX "accounts_user_groups_group_id_bd11a704" ON "accounts_user_groups" ("group_id");

CREATE UNIQUE INDEX "accounts_user_user_permissions_user_id_permission_id_2ab516c2_uniq" ON "accounts_user_user_permissions" ("user_id", "permission_id");

CREATE INDEX "accounts_user_user_permissions_user_id_e4f0a161" ON "accounts_user_user_permissions" ("user_id");

CREATE INDEX "accounts_user_user_permissions_permission_id_113bb443" ON "accounts_user_user_permissions" ("permission_id");

CREATE INDEX "accounts_knownclient_user_id_4bc853d7" ON "accounts_knownclient" ("user_id");

CREATE INDEX "accounts_signinalert_user_id_072bcfa9" ON "accounts_signinalert" ("user_id");

CREATE INDEX "alerts_of_an_address" ON "accounts_signinalert" ("digest", "at" DESC);

CREATE INDEX "accounts_token_user_id_82a3a2c8" ON "accounts_token" ("user_id");

CREATE INDEX "account_emailconfirmation_email_address_id_5b7f8c58" ON "account_emailconfirmation" ("email_address_id");

CREATE UNIQUE INDEX "account_emailaddress_user_id_email_987c8728_uniq" ON "account_emailaddress" ("user_id", "email");

CREATE UNIQUE INDEX "unique_verified_email" ON "account_emailaddress" ("email") WHERE "verified";

CREATE INDEX "account_emailaddress_user_id_2c513194" ON "account_emailaddress" ("user_id");

CREATE INDEX "account_emailaddress_email_03be32b2" ON "account_emailaddress" ("email");

CREATE UNIQUE INDEX "unique_primary_email" ON "account_emailaddress" ("user_id", "primary") WHERE "primary";

CREATE INDEX "django_session_expire_date_a5c62663" ON "django_session" ("expire_date");

CREATE INDEX "accounts_nicknamechange_user_id_2d16cb1d" ON "accounts_nicknamechange" ("user_id");

CREATE INDEX "nickname_changes_of_a_reader" ON "accounts_nicknamechange" ("user_id", "changed_at" DESC);

CREATE INDEX "nickname_changes_by_former_key" ON "accounts_nicknamechange" ("former_key");

CREATE INDEX "nickname_changes_by_time" ON "accounts_nicknamechange" ("changed_at");

CREATE INDEX "accounts_usersession_expire_date_70873773" ON "accounts_usersession" ("expire_date");

CREATE INDEX "accounts_usersession_user_id_567c9519" ON "accounts_usersession" ("user_id");

CREATE UNIQUE INDEX "one_consent_in_force_per_kind" ON "accounts_consent" ("user_id", "kind") WHERE "ended_at" IS NULL;

CREATE INDEX "accounts_consent_ended_at_85f3eb6e" ON "accounts_consent" ("ended_at");

CREATE INDEX "accounts_consent_user_id_81cd791f" ON "accounts_consent" ("user_id");

CREATE INDEX "accounts_ignoredreader_author_id_90685c1f" ON "accounts_ignoredreader" ("author_id");

CREATE INDEX "accounts_ignoredreader_reader_id_820a2885" ON "accounts_ignoredreader" ("reader_id");

CREATE UNIQUE INDEX "one_account_per_address" ON "accounts_user" ((LOWER("email"))) WHERE "holds_email";

CREATE INDEX "accounts_user_email_b2644a56" ON "accounts_user" ("email");

CREATE INDEX "accounts_user_closing_at_6bc8c0b1" ON "accounts_user" ("closing_at");

CREATE INDEX "accounts_sanction_imposed_by_id_614bb265" ON "accounts_sanction" ("imposed_by_id");

CREATE INDEX "accounts_sanction_lifted_by_id_f8adb112" ON "accounts_sanction" ("lifted_by_id");

CREATE INDEX "accounts_sanction_replaced_by_id_9897667e" ON "accounts_sanction" ("replaced_by_id");

CREATE INDEX "sanctions_of_a_reader" ON "accounts_sanction" ("user_id", "id" DESC);

CREATE INDEX "accounts_retainedsanction_until_d9d6ce04" ON "accounts_retainedsanction" ("until");

CREATE INDEX "accounts_retainedsanction_user_id_a19096f9" ON "accounts_retainedsanction" ("user_id");

CREATE INDEX "accounts_retainedsanction_sanction_a04365ad" ON "accounts_retainedsanction" ("sanction");

CREATE INDEX "django_admin_log_content_type_id_c4bce8eb" ON "django_admin_log" ("content_type_id");

CREATE INDEX "django_admin_log_user_id_c564eba6" ON "django_admin_log" ("user_id");

CREATE INDEX "polls_side_poll_id_0a081b84" ON "polls_side" ("poll_id");

CREATE INDEX "polls_votedecision_poll_id_82eeb47f" ON "polls_votedecision" ("poll_id");

CREATE INDEX "polls_tally_poll_id_f91511fc" ON "polls_tally" ("poll_id");

CREATE INDEX "polls_votedecision_part_of_id_6cd5301b" ON "polls_votedecision" ("part_of_id");

CREATE INDEX "media_pendingupload_next_attempt_at_6f1fed01" ON "media_pendingupload" ("next_attempt_at");

CREATE INDEX "media_photo_digest_3308443a" ON "media_photo" ("digest");

CREATE INDEX "media_photo_uploaded_by_id_bf3fb3b3" ON "media_photo" ("uploaded_by_id");

CREATE INDEX "photos_unready" ON "media_photo" ("state") WHERE NOT ("state" = 'ready');

CREATE INDEX "articles_suggestedword_spelling_3c073cef" ON "articles_suggestedword" ("spelling");

CREATE INDEX "articles_suggestedword_leads_e579875c" ON "articles_suggestedword" ("leads");

CREATE INDEX "articles_formerslug_article_id_3a7e1297" ON "articles_formerslug" ("article_id");

CREATE INDEX "articles_suggestedby_article_id_40d9d3c0" ON "articles_suggestedby" ("article_id");

CREATE INDEX "articles_suggestedby_word_id_1d56837e" ON "articles_suggestedby" ("word_id");

CREATE INDEX "articles_tagging_article_id_eedc882b" ON "articles_tagging" ("article_id");

CREATE INDEX "articles_tagging_tag_id_9b79af98" ON "articles_tagging" ("tag_id");

CREATE INDEX "newest_of_a_tag" ON "articles_tagging" ("tag_id", "first_published_at" DESC, "article_id" DESC);

CREATE INDEX "articles_byline_article_id_b3b9786c" ON "articles_byline" ("article_id");

CREATE INDEX "articles_byline_author_id_4bd786b8" ON "articles_byline" ("author_id");

CREATE INDEX "newest_of_an_author" ON "articles_byline" ("author_id", "first_published_at" DESC, "article_id" DESC);

CREATE INDEX "articles_appearance_article_id_27938eae" ON "articles_appearance" ("article_id");

CREATE INDEX "articles_appearance_edition_id_6e7a9fe0" ON "articles_appearance" ("edition_id");

CREATE INDEX "articles_relatedarticle_article_id_edc4d0da" ON "articles_relatedarticle" ("article_id");

CREATE INDEX "articles_relatedarticle_related_id_c74bf9d4" ON "articles_relatedarticle" ("related_id");

CREATE INDEX "articles_photouse_article_id_567e4900" ON "articles_photouse" ("article_id");

CREATE INDEX "articles_photouse_photo_id_9ffd799d" ON "articles_photouse" ("photo_id");

CREATE INDEX "articles_pick_article_id_b27d2b6f" ON "articles_pick" ("article_id");

CREATE INDEX "articles_pick_related_id_a76b8071" ON "articles_pick" ("related_id");

CREATE INDEX "articles_popularityrank_article_id_5b32266f" ON "articles_popularityrank" ("article_id");

CREATE INDEX "articles_hourlyviews_article_id_885ffb91" ON "articles_hourlyviews" ("article_id");

CREATE INDEX "read_in_these_hours" ON "articles_hourlyviews" ("hour", "article_id", "views");

CREATE INDEX "articles_feedchange_section_id_4c9e7678" ON "articles_feedchange" ("section_id");

CREATE INDEX "feed_not_settled" ON "articles_feedchange" ("id") WHERE "settled_at" IS NULL;

CREATE INDEX "articles_article_lead_photo_id_8055d538" ON "articles_article" ("lead_photo_id");

CREATE INDEX "articles_article_poll_id_c63a9099" ON "articles_article" ("poll_id");

CREATE INDEX "articles_article_section_id_624070f6" ON "articles_article" ("section_id");

CREATE INDEX "live_newest" ON "articles_article" ("first_published_at" DESC, "id" DESC) WHERE "live_id" IS NOT NULL;

CREATE INDEX "live_by_section" ON "articles_article" ("section_id", "first_published_at" DESC, "id" DESC) WHERE "live_id" IS NOT NULL;

CREATE INDEX "live_until" ON "articles_article" ("expires_at") WHERE ("expires_at" IS NOT NULL AND "live_id" IS NOT NULL);

CREATE INDEX "not_indexed_yet" ON "articles_article" ("id") WHERE NOT ("indexed_edition" = (COALESCE("live_id", 0)));

CREATE INDEX "not_in_change_feed_yet" ON "articles_article" ("id") WHERE NOT ("change_feed_state" = (CASE WHEN "live_id" IS NOT NULL THEN "live_id" WHEN "withdrawn_at" IS NOT NULL THEN -1 ELSE 0 END));

CREATE TRIGGER search_words_go AFTER DELETE ON articles_searchrow BEGIN DELETE FROM articles_searchwords WHERE rowid = OLD.sort_key; END;

CREATE TRIGGER search_words_change AFTER UPDATE ON articles_searchrow BEGIN DELETE FROM articles_searchwords WHERE rowid = OLD.sort_key; END;

CREATE INDEX "articles_recentview_at_076c2258" ON "articles_recentview" ("at");

CREATE INDEX "readings_not_counted" ON "articles_recentview" ("key") WHERE "waiting" > 0;

CREATE INDEX "referrers_of_these_days" ON "articles_referrerviews" ("day", "article_id");

CREATE INDEX "articles_article_social_photo_id_0cc66957" ON "articles_article" ("social_photo_id");

CREATE INDEX "articles_edition_slug_2b3ffe7a" ON "articles_edition" ("slug");

CREATE INDEX "articles_edition_article_id_7f9247b9" ON "articles_edition" ("article_id");

CREATE INDEX "articles_edition_lead_photo_id_834ad8f8" ON "articles_edition" ("lead_photo_id");

CREATE INDEX "articles_edition_poll_id_e7cc251b" ON "articles_edition" ("poll_id");

CREATE INDEX "articles_edition_section_id_02a7db8c" ON "articles_edition" ("section_id");

CREATE INDEX "editions_with_photos" ON "articles_edition" ("article_id") WHERE "body_html" LIKE '%/media/photos/%' ESCAPE '\';

CREATE INDEX "editions_with_related_box" ON "articles_edition" ("article_id") WHERE "body_html" LIKE '%data-related="%' ESCAPE '\';

CREATE TRIGGER edition_is_frozen BEFORE UPDATE OF number, slug, headline, deck, summary, body, byline, lead_photo_text, author_ids, tag_ids, related_ids, source_name, source_url, source_credit, ai_kind, ai_note, comments_mode, correction_kind, correction_note, frozen_at, article_id, lead_photo_id, poll_id, section_id, seo_description, seo_title, social_photo_id, social_photo_text ON articles_edition WHEN NOT EXISTS (SELECT 1 FROM articles_erasurepermit) BEGIN SELECT RAISE(ABORT, 'edition is frozen'); END;

CREATE TRIGGER live_edition_is_its_own BEFORE UPDATE OF live_id ON articles_article WHEN NEW.live_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM articles_edition e WHERE e.id = NEW.live_id AND e.article_id = NEW.id) BEGIN SELECT RAISE(ABORT, 'the live edition is not its own'); END;

CREATE INDEX "articles_edition_social_photo_id_149f9951" ON "articles_edition" ("social_photo_id");

CREATE INDEX "articles_boxedarticle_article_id_694164b7" ON "articles_boxedarticle" ("article_id");

CREATE INDEX "articles_boxedarticle_related_uid_0eedad09" ON "articles_boxedarticle" ("related_uid");

CREATE INDEX "never_published" ON "articles_article" ("id") WHERE "first_published_at" IS NULL;

CREATE INDEX "live_with_comments_until" ON "articles_article" ("comments_close_at") WHERE ("comments_close_at" IS NOT NULL AND "live_id" IS NOT NULL);

CREATE INDEX "audit_entry_at_bf642dd8" ON "audit_entry" ("at");

CREATE INDEX "entries_of_a_thing" ON "audit_entry" ("kind", "subject", "at" DESC);

CREATE TRIGGER entry_is_kept BEFORE UPDATE OF id, at, by, verb, kind, subject ON audit_entry
BEGIN SELECT RAISE(ABORT, 'an audit log entry is kept as it was written'); END;

CREATE TRIGGER entry_details_are_kept BEFORE UPDATE OF details ON audit_entry
WHEN OLD.details IS NOT NEW.details AND (
    NOT EXISTS (SELECT 1 FROM audit_redactionpermit permit
                WHERE permit.kind = OLD.kind AND permit.subject = OLD.subject)
    OR (SELECT count(*) FROM json_each(OLD.details))
       <> (SELECT count(*) FROM json_each(NEW.details))
    OR EXISTS (SELECT 1 FROM json_each(NEW.details) new
               LEFT JOIN json_each(OLD.details) old ON old.key = new.key
               WHERE old.key IS NULL
                  OR (new.value IS NOT '[erased]'
                      AND (new.value IS NOT old.value OR new.type IS NOT old.type)))
)
BEGIN SELECT RAISE(ABORT, 'an audit log entry is kept as it was written'); END;

CREATE INDEX "permits_of_a_thing" ON "audit_redactionpermit" ("kind", "subject");

CREATE INDEX "comments_reaction_reader_id_3258d12a" ON "comments_reaction" ("reader_id");

CREATE INDEX "comments_similarityband_posted_at_3306f140" ON "comments_similarityband" ("posted_at");

CREATE INDEX "comments_similarityband_comment_id_4904fda4" ON "comments_similarityband" ("comment_id");

CREATE INDEX "comments_by_band" ON "comments_similarityband" ("article_id", "band", "posted_at", "comment_id");

CREATE INDEX "comments_idempotencykey_comment_id_940021d5" ON "comments_idempotencykey" ("comment_id");

CREATE INDEX "comments_comment_article_id_94fe60a2" ON "comments_comment" ("article_id");

CREATE INDEX "comments_comment_author_id_334ce9e2" ON "comments_comment" ("author_id");

CREATE INDEX "comments_comment_in_reply_to_id_3ea14932" ON "comments_comment" ("in_reply_to_id");

CREATE INDEX "comments_of_a_reader" ON "comments_comment" ("author_id", "id" DESC);

CREATE INDEX "threads_newest" ON "comments_comment" ("article_id", (("id" + 0)) DESC) WHERE ("is_listed" AND "parent_id" IS NULL);

CREATE INDEX "threads_best" ON "comments_comment" ("article_id", "rank" DESC, "id" DESC) WHERE ("is_listed" AND "parent_id" IS NULL);

CREATE INDEX "replies_in_order" ON "comments_comment" ("parent_id", (("id" + 0))) WHERE ("is_listed" AND "parent_id" IS NOT NULL);

CREATE INDEX "replies_best" ON "comments_comment" ("parent_id", "rank" DESC, "id" DESC) WHERE ("is_listed" AND "parent_id" IS NOT NULL);

CREATE INDEX "pinned_comments" ON "comments_comment" ("article_id") WHERE "pinned_at" IS NOT NULL;

CREATE INDEX "comments_to_moderate" ON "comments_comment" ("is_held" DESC, "id" DESC);

CREATE INDEX "comments_by_state" ON "comments_comment" ("state", (("id" + 0)) DESC);

CREATE INDEX "classifications_due" ON "comments_classification" ("next_attempt_at") WHERE "verdict" = '';

CREATE INDEX "comments_wordlist_created_by_id_5bb6ea90" ON "comments_wordlist" ("created_by_id");

CREATE INDEX "comments_commentfinding_comment_id_e88c392b" ON "comments_commentfinding" ("comment_id");

CREATE INDEX "flagged_comments" ON "comments_commentfinding" ("comment_id") WHERE "severity" = 'flag';

CREATE INDEX "comments_wordlisttrial_created_by_id_15f88502" ON "comments_wordlisttrial" ("created_by_id");

CREATE INDEX "trials_to_run" ON "comments_wordlisttrial" ("id") WHERE "finished_at" IS NULL;

CREATE INDEX "comments_report_reader_id_dde6c0b4" ON "comments_report" ("reader_id");

CREATE INDEX "reports_to_settle" ON "comments_report" ("comment_id") WHERE "settled_at" IS NULL;

CREATE INDEX "decisions_on_a_comment" ON "comments_decision" ("comment_id", "id" DESC);

CREATE INDEX "items_by_urgency" ON "comments_moderationitem" ("urgency" DESC, "comment_id");

CREATE INDEX "held_by_urgency" ON "comments_moderationitem" ("urgency" DESC, "comment_id") WHERE "is_held";

CREATE INDEX "reported_by_urgency" ON "comments_moderationitem" ("urgency" DESC, "comment_id") WHERE "is_reported";

CREATE INDEX "flagged_by_urgency" ON "comments_moderationitem" ("urgency" DESC, "comment_id") WHERE "is_flagged";

CREATE INDEX "comments_decision_by_id_550b5cf2" ON "comments_decision" ("by_id");

CREATE INDEX "comments_report_settled_by_id_2bcf2317" ON "comments_report" ("settled_by_id");

CREATE INDEX "comments_moderationitem_opened_at_8e3259e0" ON "comments_moderationitem" ("opened_at");

CREATE INDEX "comments_moderationitem_leased_by_id_1881e197" ON "comments_moderationitem" ("leased_by_id");

CREATE INDEX "comments_commentrevision_replaced_at_fc7af7f4" ON "comments_commentrevision" ("replaced_at");

CREATE INDEX "comments_appeal_answered_by_id_0ad20b9c" ON "comments_appeal" ("answered_by_id");

CREATE INDEX "comments_appeal_comment_id_8f03220b" ON "comments_appeal" ("comment_id");

CREATE INDEX "comments_appeal_decided_by_id_21d12068" ON "comments_appeal" ("decided_by_id");

CREATE INDEX "comments_appeal_reader_id_c119859a" ON "comments_appeal" ("reader_id");

CREATE INDEX "comments_appeal_sanction_id_59855e58" ON "comments_appeal" ("sanction_id");

CREATE INDEX "appeals_to_decide" ON "comments_appeal" ("id") WHERE "state" = 'open';

CREATE INDEX "appeals_of_a_reader" ON "comments_appeal" ("reader_id", "id" DESC);

CREATE UNIQUE INDEX "one_notification_per_comment" ON "comments_notification" ("reader_id", "comment_id") WHERE "kind" IN ('reply', 'mention');

CREATE INDEX "comments_notification_comment_id_afdbbc5a" ON "comments_notification" ("comment_id");

CREATE INDEX "notifications_of_a_reader" ON "comments_notification" ("reader_id", "id" DESC);

CREATE INDEX "notifications_unread" ON "comments_notification" ("reader_id", "id") WHERE "read_at" IS NULL;

CREATE INDEX "notifications_to_mail" ON "comments_notification" ("mail_at") WHERE "mail_at" IS NOT NULL;

CREATE INDEX "notifications_by_age" ON "comments_notification" ("created_at");

CREATE UNIQUE INDEX "one_notification_of_a_decision" ON "comments_notification" ("reader_id", "comment_id") WHERE "kind" IN ('comment_shown', 'comment_hidden', 'comment_held', 'comment_blocked', 'appeal_granted', 'appeal_rejected');

CREATE UNIQUE INDEX "one_notification_per_sanction" ON "comments_notification" ("sanction_id", "kind") WHERE "sanction_id" IS NOT NULL;

CREATE INDEX "threads_of_every_state" ON "comments_comment" ("article_id", (COALESCE("parent_id", 0)), "id");

CREATE INDEX "comments_blocknotice_request_id_1265dcf7" ON "comments_blocknotice" ("request_id");

CREATE UNIQUE INDEX "one_block_of_a_comment_at_once" ON "comments_blockrequest" ("comment_id") WHERE "state" = 'blocked';

CREATE INDEX "comments_blockrequest_comment_id_7ab613f3" ON "comments_blockrequest" ("comment_id");

CREATE INDEX "comments_blockrequest_decided_by_id_ca5f5da7" ON "comments_blockrequest" ("decided_by_id");

CREATE INDEX "blocks_by_end" ON "comments_blockrequest" ("blocked_until") WHERE "state" = 'blocked';

CREATE INDEX "block_requests_open" ON "comments_blockrequest" ("id") WHERE "state" = 'open';

CREATE INDEX "block_notices_by_due" ON "comments_blocknotice" ("mail_at") WHERE ("mail_at" IS NOT NULL AND "mailed_at" IS NULL);

CREATE INDEX "comments_blockrequest_joined_to_id_4b42e8af" ON "comments_blockrequest" ("joined_to_id");

CREATE UNIQUE INDEX "one_surge_of_a_kind_per_article" ON "comments_surgealert" ("article_id", "kind") WHERE "ended_at" IS NULL;

CREATE UNIQUE INDEX "one_surge_of_a_kind_per_writer" ON "comments_surgealert" ("writer_id", "kind") WHERE "ended_at" IS NULL;

CREATE INDEX "comments_surgealert_article_id_5ad5e7d0" ON "comments_surgealert" ("article_id");

CREATE INDEX "comments_surgealert_writer_id_0c526a57" ON "comments_surgealert" ("writer_id");

CREATE INDEX "events_of_one_key_in_order" ON "outbox_event" ("key", "id");

CREATE INDEX "events_unaddressed" ON "outbox_event" ("id") WHERE "fanned_out_at" IS NULL;

CREATE INDEX "outbox_delivery_event_id_9d7b7ab0" ON "outbox_delivery" ("event_id");

CREATE INDEX "outbox_delivery_subscriber_id_97556932" ON "outbox_delivery" ("subscriber_id");

CREATE INDEX "deliveries_due" ON "outbox_delivery" ("subscriber_id", "next_attempt_at", "event_id") WHERE "state" = 'waiting';

CREATE INDEX "deliveries_in_line" ON "outbox_delivery" ("subscriber_id", "key", "event_id") WHERE "state" = 'waiting';

CREATE INDEX "outbox_attempt_delivery_id_242f1050" ON "outbox_attempt" ("delivery_id");

CREATE INDEX "desk_bundle_planned_by_id_384179ff" ON "desk_bundle" ("planned_by_id");

CREATE INDEX "desk_draftauthor_author_id_040a781d" ON "desk_draftauthor" ("author_id");

CREATE INDEX "desk_draftauthor_draft_id_24918d77" ON "desk_draftauthor" ("draft_id");

CREATE INDEX "desk_draftpick_article_id_e8e12324" ON "desk_draftpick" ("article_id");

CREATE INDEX "desk_draftpick_draft_id_dc179835" ON "desk_draftpick" ("draft_id");

CREATE INDEX "desk_drafttag_draft_id_b94eb80f" ON "desk_drafttag" ("draft_id");

CREATE INDEX "desk_drafttag_tag_id_5dba47cb" ON "desk_drafttag" ("tag_id");

CREATE INDEX "desk_notice_person_id_acb439dc" ON "desk_notice" ("person_id");

CREATE INDEX "notices_of_a_person" ON "desk_notice" ("person_id", "id" DESC);

CREATE INDEX "notices_to_mail" ON "desk_notice" ("mail_at") WHERE "mail_at" IS NOT NULL;

CREATE INDEX "notices_that_stand" ON "desk_notice" ("what", "subject") WHERE "over_at" IS NULL;

CREATE INDEX "desk_preview_created_by_id_e0189833" ON "desk_preview" ("created_by_id");

CREATE INDEX "desk_preview_draft_id_22fa159f" ON "desk_preview" ("draft_id");

CREATE UNIQUE INDEX "one_waiting_release_per_article" ON "desk_release" ("article_id") WHERE "state" IN ('pending', 'failed');

CREATE INDEX "desk_release_approved_by_id_a34e2606" ON "desk_release" ("approved_by_id");

CREATE INDEX "desk_release_article_id_6017780f" ON "desk_release" ("article_id");

CREATE INDEX "desk_release_bundle_id_9335db97" ON "desk_release" ("bundle_id");

CREATE INDEX "desk_release_edition_id_2804ce29" ON "desk_release" ("edition_id");

CREATE INDEX "desk_release_planned_by_id_59875223" ON "desk_release" ("planned_by_id");

CREATE INDEX "release_due" ON "desk_release" ("due_at") WHERE "state" IN ('pending', 'failed');

CREATE INDEX "releases_of_an_article" ON "desk_release" ("article_id", "state");

CREATE INDEX "desk_versionmark_edition_id_8796a618" ON "desk_versionmark" ("edition_id");

CREATE INDEX "desk_versionmark_version_id_ceaa8e1a" ON "desk_versionmark" ("version_id");

CREATE INDEX "desk_draftversion_draft_id_4fc403f3" ON "desk_draftversion" ("draft_id");

CREATE INDEX "desk_draftversion_saved_by_id_3830b24b" ON "desk_draftversion" ("saved_by_id");

CREATE INDEX "autosaves_to_prune" ON "desk_draftversion" ("saved_at") WHERE "kind" = 'autosave';

CREATE TRIGGER version_is_immutable BEFORE UPDATE ON desk_draftversion BEGIN SELECT RAISE(ABORT, 'a version of a draft is immutable'); END;

CREATE INDEX "desk_claim_answered_by_id_134dc2e5" ON "desk_claim" ("answered_by_id");

CREATE INDEX "desk_claim_article_id_edc5c37f" ON "desk_claim" ("article_id");

CREATE INDEX "desk_claim_edition_id_62db1189" ON "desk_claim" ("edition_id");

CREATE INDEX "desk_claim_recorded_by_id_3eeac345" ON "desk_claim" ("recorded_by_id");

CREATE INDEX "claims_newest_first" ON "desk_claim" ("received_at" DESC, "id" DESC);

CREATE INDEX "claims_with_running_clocks" ON "desk_claim" ("state", "answer_by") WHERE "state" IN ('received', 'accepted');

CREATE INDEX "desk_erasure_erased_by_id_1f6f773b" ON "desk_erasure" ("erased_by_id");

CREATE INDEX "desk_sectionrole_person_id_98cce57e" ON "desk_sectionrole" ("person_id");

CREATE INDEX "desk_sectionrole_section_id_f08f5b72" ON "desk_sectionrole" ("section_id");

CREATE INDEX "desk_draftpresence_draft_id_b3067fa8" ON "desk_draftpresence" ("draft_id");

CREATE INDEX "desk_draftpresence_person_id_9e3fc135" ON "desk_draftpresence" ("person_id");

CREATE INDEX "presence_by_heartbeat" ON "desk_draftpresence" ("seen_at");

CREATE INDEX "desk_remark_author_id_305813cf" ON "desk_remark" ("author_id");

CREATE INDEX "desk_remark_draft_id_800087e5" ON "desk_remark" ("draft_id");

CREATE INDEX "desk_remark_resolved_by_id_e34ec759" ON "desk_remark" ("resolved_by_id");

CREATE INDEX "remarks_of_a_draft" ON "desk_remark" ("draft_id", "id");

CREATE UNIQUE INDEX "desk_remark_mentions_remark_id_user_id_a90841c2_uniq" ON "desk_remark_mentions" ("remark_id", "user_id");

CREATE INDEX "desk_remark_mentions_remark_id_a6464946" ON "desk_remark_mentions" ("remark_id");

CREATE INDEX "desk_remark_mentions_user_id_cf608327" ON "desk_remark_mentions" ("user_id");

CREATE UNIQUE INDEX "one_draft_per_person_and_form" ON "desk_draft" ("created_by_id", "form_token") WHERE "form_token" IS NOT NULL;

CREATE INDEX "desk_draft_slug_9a9d688e" ON "desk_draft" ("slug");

CREATE INDEX "desk_draft_approved_by_id_3e68756a" ON "desk_draft" ("approved_by_id");

CREATE INDEX "desk_draft_changed_by_id_917a4c84" ON "desk_draft" ("changed_by_id");

CREATE INDEX "desk_draft_created_by_id_23bf1221" ON "desk_draft" ("created_by_id");

CREATE INDEX "desk_draft_lead_photo_id_9484e1e6" ON "desk_draft" ("lead_photo_id");

CREATE INDEX "desk_draft_poll_id_d502b9cd" ON "desk_draft" ("poll_id");

CREATE INDEX "desk_draft_section_id_661e65e8" ON "desk_draft" ("section_id");

CREATE INDEX "desk_draft_wire_version_id_30902364" ON "desk_draft" ("wire_version_id");

CREATE INDEX "desk_draft_assigned_to_id_c8c57a00" ON "desk_draft" ("assigned_to_id");

CREATE INDEX "desk_draft_moved_from_id_705d55cb" ON "desk_draft" ("moved_from_id");

CREATE INDEX "desk_draft_locked_by_id_d777f9b4" ON "desk_draft" ("locked_by_id");

CREATE INDEX "drafts_newest_change" ON "desk_draft" ("changed_at" DESC, "id" DESC);

CREATE INDEX "drafts_begun_by" ON "desk_draft" ("created_by_id", "changed_at" DESC, "id" DESC);

CREATE INDEX "drafts_changed_by" ON "desk_draft" ("changed_by_id", "changed_at" DESC, "id" DESC);

CREATE INDEX "drafts_of_a_section" ON "desk_draft" ("section_id", "changed_at" DESC, "id" DESC);

CREATE INDEX "drafts_at_a_stage" ON "desk_draft" ("stage", "changed_at" DESC, "id" DESC);

CREATE INDEX "drafts_coming_down" ON "desk_draft" ("expires_at") WHERE "expires_at" IS NOT NULL;

CREATE INDEX "drafts_under_embargo" ON "desk_draft" ("embargo_until") WHERE "embargo_until" IS NOT NULL;

CREATE INDEX "drafts_by_assignee" ON "desk_draft" ("assigned_to_id", "due_at") WHERE "assigned_to_id" IS NOT NULL;

CREATE INDEX "desk_draft_social_photo_id_fa6966f5" ON "desk_draft" ("social_photo_id");

CREATE INDEX "drafts_by_due_time" ON "desk_draft" ("due_at") WHERE "due_at" IS NOT NULL;

CREATE INDEX "drafts_in_the_trash" ON "desk_draft" ("changed_at" DESC, "id" DESC) WHERE "trashed_at" IS NOT NULL;

CREATE INDEX "link_checks_by_age" ON "desk_linkcheck" ("checked_at");

CREATE INDEX "link_checks_due" ON "desk_linkcheckrequest" ("due_at");

CREATE INDEX "desk_keptaddress_draft_id_4f57774d" ON "desk_keptaddress" ("draft_id");

CREATE INDEX "desk_keptaddress_kept_by_id_3cc0d9e4" ON "desk_keptaddress" ("kept_by_id");

CREATE UNIQUE INDEX "one_open_hold_per_draft" ON "desk_wirehold" ("draft_id") WHERE "ended_at" IS NULL;

CREATE INDEX "desk_wirehold_draft_id_b13d6ba9" ON "desk_wirehold" ("draft_id");

CREATE INDEX "desk_wirehold_ended_by_id_c22993d9" ON "desk_wirehold" ("ended_by_id");

CREATE UNIQUE INDEX "one_waiting_suggestion_of_a_kind" ON "desk_suggestion" ("draft_id", "kind") WHERE "state" = 'waiting';

CREATE INDEX "desk_suggestion_asked_by_id_16dc905a" ON "desk_suggestion" ("asked_by_id");

CREATE INDEX "desk_suggestion_draft_id_64a3aca4" ON "desk_suggestion" ("draft_id");

CREATE INDEX "suggestions_of_a_draft" ON "desk_suggestion" ("draft_id", "id" DESC);

CREATE INDEX "suggestions_waiting" ON "desk_suggestion" ("due_at") WHERE "state" = 'waiting';

CREATE INDEX "desk_suggestion_taken_by_id_1bf9d5da" ON "desk_suggestion" ("taken_by_id");

CREATE INDEX "mfa_authenticator_user_id_0c3a50c0" ON "mfa_authenticator" ("user_id");

CREATE UNIQUE INDEX "unique_authenticator_type" ON "mfa_authenticator" ("user_id", "type") WHERE "type" IN ('totp', 'recovery_codes');

CREATE INDEX "votes_by_state" ON "polls_vote" ("poll_id", "state", "side");

CREATE INDEX "votes_held" ON "polls_vote" ("poll_id", "rule") WHERE "state" = 'held';

CREATE INDEX "votes_decided" ON "polls_vote" ("decision_id") WHERE "decision_id" IS NOT NULL;

CREATE INDEX "votes_of_a_browser" ON "polls_vote" ("poll_id", "browser") WHERE NOT ("browser" = '');

CREATE INDEX "votes_by_hour" ON "polls_vote" ("poll_id", "cast_hour", "rule", "state", "side");

CREATE INDEX "polls_to_tell" ON "polls_poll" ("closes_at") WHERE ("closes_at" IS NOT NULL AND ("published_closes_at" IS NULL OR NOT ("published_closes_at" = ("closes_at") AND "published_closes_at" IS NOT NULL AND "closes_at" IS NOT NULL)));

CREATE INDEX "polls_to_open" ON "polls_poll" ("opens_at");

CREATE INDEX "polls_with_drift" ON "polls_poll" ("tally_drift") WHERE "tally_drift" > 0;

CREATE INDEX "polls_to_unlink" ON "polls_poll" ("closes_at") WHERE "unlinked_at" IS NULL;

CREATE INDEX "polls_of_elections" ON "polls_poll" ("blackout_until") WHERE "blackout_until" IS NOT NULL;

CREATE INDEX "saves_save_article_id_9c8b14d1" ON "saves_save" ("article_id");

CREATE INDEX "saves_save_reader_id_b1d4e489" ON "saves_save" ("reader_id");

CREATE INDEX "saves_newest_first" ON "saves_save" ("reader_id", "id" DESC);

CREATE UNIQUE INDEX "socialaccount_socialtoken_app_id_account_id_fca4e0ac_uniq" ON "socialaccount_socialtoken" ("app_id", "account_id");

CREATE INDEX "socialaccount_socialtoken_account_id_951f210e" ON "socialaccount_socialtoken" ("account_id");

CREATE INDEX "socialaccount_socialtoken_app_id_636a42d7" ON "socialaccount_socialtoken" ("app_id");

CREATE UNIQUE INDEX "socialaccount_socialaccount_provider_uid_fc810c6e_uniq" ON "socialaccount_socialaccount" ("provider", "uid");

CREATE INDEX "socialaccount_socialaccount_user_id_8146e70c" ON "socialaccount_socialaccount" ("user_id");

CREATE INDEX "wire_delivery_source_id_cd382e67" ON "wire_delivery" ("source_id");

CREATE INDEX "wire_delivery_version_id_7c428d5a" ON "wire_delivery" ("version_id");

CREATE INDEX "deliveries_waiting" ON "wire_delivery" ("received_at") WHERE "status" = 'received';

CREATE INDEX "deliveries_newest_first" ON "wire_delivery" ("received_at" DESC, "id" DESC);

CREATE INDEX "deliveries_of_a_source" ON "wire_delivery" ("source_id", "received_at" DESC);

CREATE INDEX "wire_story_source_id_0adbcf1e" ON "wire_story" ("source_id");

CREATE INDEX "wire_story_current_id_cdf6b7cd" ON "wire_story" ("current_id");

CREATE INDEX "wire_story_embargo_decided_id_1086f8a5" ON "wire_story" ("embargo_decided_id");

CREATE INDEX "wire_story_overruled_id_c19e4191" ON "wire_story" ("overruled_id");

CREATE INDEX "wire_story_merged_into_id_a3ad6693" ON "wire_story" ("merged_into_id");

CREATE INDEX "stories_newest_first" ON "wire_story" ("news_at" DESC, "id" DESC);

CREATE INDEX "stories_under_embargo" ON "wire_story" ("embargo_until") WHERE "embargo_until" IS NOT NULL;

CREATE INDEX "wire_version_delivery_id_87b3ad10" ON "wire_version" ("delivery_id");

CREATE INDEX "wire_version_story_id_cbd73b45" ON "wire_version" ("story_id");

CREATE INDEX "versions_by_text" ON "wire_version" ("content_hash");

CREATE INDEX "wire_matchterm_version_id_411df8e7" ON "wire_matchterm" ("version_id");

CREATE INDEX "wire_storydecision_other_id_02fc2d90" ON "wire_storydecision" ("other_id");

CREATE INDEX "wire_storydecision_story_id_abab161e" ON "wire_storydecision" ("story_id");

CREATE INDEX "wire_matchquestion_other_id_1c73bba9" ON "wire_matchquestion" ("other_id");

CREATE INDEX "wire_matchquestion_version_id_8d226cfa" ON "wire_matchquestion" ("version_id");

CREATE INDEX "texts_by_term" ON "wire_matchterm" ("source_id", "term", "sent_at");

CREATE INDEX "deliveries_by_content" ON "wire_delivery" ("source_id", "sha256");

CREATE INDEX "wire_channel_due_at_548d0bae" ON "wire_channel" ("due_at");

CREATE INDEX "wire_channel_source_id_56b8c5bf" ON "wire_channel" ("source_id");

CREATE INDEX "wire_storyphoto_photo_id_497f2ff8" ON "wire_storyphoto" ("photo_id");

CREATE INDEX "wire_storyphoto_version_id_2ee8eb32" ON "wire_storyphoto" ("version_id");

CREATE INDEX "pictures_waiting" ON "wire_storyphoto" ("due_at") WHERE "state" = 'waiting';

CREATE INDEX "pictures_by_content" ON "wire_storyphoto" ("sha256");

CREATE INDEX "stories_of_a_source" ON "wire_story" ("source_id", "news_at" DESC, "id" DESC);

CREATE INDEX "stories_not_usable" ON "wire_story" ("status", "news_at" DESC, "id" DESC) WHERE NOT ("status" = 'usable');

CREATE INDEX "wire_story_overruled_withholding_id_43408d06" ON "wire_story" ("overruled_withholding_id");

CREATE TRIGGER delivery_is_kept BEFORE UPDATE OF sha256, size, source_id, received_at ON wire_delivery BEGIN SELECT RAISE(ABORT, 'a delivery is kept as it came'); END;

CREATE TRIGGER bytes_are_kept BEFORE UPDATE OF raw ON wire_delivery WHEN length(NEW.raw) > 0 BEGIN SELECT RAISE(ABORT, 'a delivery is kept as it came'); END;

CREATE TRIGGER version_is_kept BEFORE UPDATE OF "id", "signal", "mark_order", "silent_change", "headline", "marks", "deck", "agency", "sent_at", "stamps", "places", "dateline_agency", "bylines", "contacts", "paragraphs", "captions", "rights", "ai_use_prohibited", "resale_prohibited", "notes", "boilerplate_lines", "warnings", "embargo", "embargo_until", "embargo_text", "content_hash", "delivery_id", "agency_version", "blocks", "expires_at", "language", "media", "pub_status", "references", "subjects", "urgency", "usage_terms" ON wire_version BEGIN SELECT RAISE(ABORT, 'a version is kept as it came'); END;

CREATE UNIQUE INDEX "wire_delivery_known_texts_delivery_id_version_id_519eb53f_uniq" ON "wire_delivery_known_texts" ("delivery_id", "version_id");

CREATE INDEX "wire_delivery_known_texts_delivery_id_d7a31651" ON "wire_delivery_known_texts" ("delivery_id");

CREATE INDEX "wire_delivery_known_texts_version_id_e99501ac" ON "wire_delivery_known_texts" ("version_id");

CREATE INDEX "events_by_term" ON "wire_matchterm" ("term", "sent_at", "version_id") WHERE "kind" = 4;

CREATE INDEX "pruned_terms_by_time" ON "wire_matchterm" ("sent_at") WHERE "kind" >= 3;

CREATE INDEX "stories_with_embargo" ON "wire_story" ("embargo", "news_at" DESC, "id" DESC) WHERE NOT ("embargo" = 'none');

CREATE INDEX "cancelling_versions" ON "wire_version" ("id" DESC) WHERE "signal" = 'cancellation';

CREATE TRIGGER inbox_words_go AFTER DELETE ON wire_indexedversion BEGIN DELETE FROM wire_indexedwords WHERE rowid = OLD.sort_key; END;

CREATE TRIGGER inbox_words_change AFTER UPDATE ON wire_indexedversion BEGIN DELETE FROM wire_indexedwords WHERE rowid = OLD.sort_key; END;

CREATE TRIGGER invalidate_polls_poll_row_insert AFTER INSERT ON polls_poll BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'poll', NEW.id, 0 WHERE NEW.id IS NOT NULL; END;

CREATE TRIGGER invalidate_polls_poll_row_update AFTER UPDATE ON polls_poll WHEN OLD.id IS NOT NEW.id OR OLD.title IS NOT NEW.title OR OLD.question IS NOT NEW.question OR OLD.opens_at IS NOT NEW.opens_at OR OLD.closes_at IS NOT NEW.closes_at OR OLD.results IS NOT NEW.results OR OLD.public IS NOT NEW.public OR OLD.published_closes_at IS NOT NEW.published_closes_at OR OLD.election_day IS NOT NEW.election_day OR OLD.blackout_from IS NOT NEW.blackout_from OR OLD.blackout_until IS NOT NEW.blackout_until BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'poll', OLD.id, 0 WHERE OLD.id IS NOT NULL; INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'poll', NEW.id, 0 WHERE NEW.id IS NOT NULL AND NEW.id IS NOT OLD.id; END;

CREATE TRIGGER invalidate_polls_poll_row_delete AFTER DELETE ON polls_poll BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'poll', OLD.id, 0 WHERE OLD.id IS NOT NULL; END;

CREATE TRIGGER invalidate_polls_side_row_insert AFTER INSERT ON polls_side BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'poll', NEW.poll_id, 0 WHERE NEW.poll_id IS NOT NULL; END;

CREATE TRIGGER invalidate_polls_side_row_update AFTER UPDATE ON polls_side WHEN OLD.id IS NOT NEW.id OR OLD.key IS NOT NEW.key OR OLD.label IS NOT NEW.label OR OLD.persona IS NOT NEW.persona OR OLD.avatar IS NOT NEW.avatar OR OLD.argument IS NOT NEW.argument OR OLD.poll_id IS NOT NEW.poll_id BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'poll', OLD.poll_id, 0 WHERE OLD.poll_id IS NOT NULL; INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'poll', NEW.poll_id, 0 WHERE NEW.poll_id IS NOT NULL AND NEW.poll_id IS NOT OLD.poll_id; END;

CREATE TRIGGER invalidate_polls_side_row_delete AFTER DELETE ON polls_side BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'poll', OLD.poll_id, 0 WHERE OLD.poll_id IS NOT NULL; END;

CREATE TRIGGER invalidate_polls_tally_row_insert AFTER INSERT ON polls_tally BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'poll', NEW.poll_id, 1 WHERE NEW.poll_id IS NOT NULL; END;

CREATE TRIGGER invalidate_polls_tally_row_update AFTER UPDATE ON polls_tally WHEN OLD.id IS NOT NEW.id OR OLD.slot IS NOT NEW.slot OR OLD.pro IS NOT NEW.pro OR OLD.con IS NOT NEW.con OR OLD.poll_id IS NOT NEW.poll_id BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'poll', OLD.poll_id, 1 WHERE OLD.poll_id IS NOT NULL; INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'poll', NEW.poll_id, 1 WHERE NEW.poll_id IS NOT NULL AND NEW.poll_id IS NOT OLD.poll_id; END;

CREATE TRIGGER invalidate_polls_tally_row_delete AFTER DELETE ON polls_tally BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'poll', OLD.poll_id, 1 WHERE OLD.poll_id IS NOT NULL; END;

CREATE TRIGGER invalidate_articles_article_row_insert AFTER INSERT ON articles_article BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'article', NEW.slug, 0 WHERE NEW.slug IS NOT NULL; END;

CREATE TRIGGER invalidate_articles_article_row_update AFTER UPDATE ON articles_article WHEN OLD.id IS NOT NEW.id OR OLD.uid IS NOT NEW.uid OR OLD.slug IS NOT NEW.slug OR OLD.comments_mode IS NOT NEW.comments_mode OR OLD.corrections IS NOT NEW.corrections OR OLD.first_published_at IS NOT NEW.first_published_at OR OLD.published_at IS NOT NEW.published_at OR OLD.withdrawn_at IS NOT NEW.withdrawn_at OR OLD.notice IS NOT NEW.notice OR OLD.embargo_until IS NOT NEW.embargo_until OR OLD.expires_at IS NOT NEW.expires_at OR OLD.held_at IS NOT NEW.held_at OR OLD.lead_photo_id IS NOT NEW.lead_photo_id OR OLD.poll_id IS NOT NEW.poll_id OR OLD.section_id IS NOT NEW.section_id OR OLD.live_id IS NOT NEW.live_id OR OLD.social_photo_id IS NOT NEW.social_photo_id OR OLD.comments_close_at IS NOT NEW.comments_close_at OR OLD.comments_slow_seconds IS NOT NEW.comments_slow_seconds BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'article', OLD.slug, 0 WHERE OLD.slug IS NOT NULL; INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'article', NEW.slug, 0 WHERE NEW.slug IS NOT NULL AND NEW.slug IS NOT OLD.slug; END;

CREATE TRIGGER invalidate_articles_article_row_delete AFTER DELETE ON articles_article BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'article', OLD.slug, 0 WHERE OLD.slug IS NOT NULL; END;

CREATE TRIGGER invalidate_articles_article_membership_insert AFTER INSERT ON articles_article BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'membership', NEW.id, 0 WHERE NEW.id IS NOT NULL; INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'section_id', NEW.section_id, 0 WHERE NEW.section_id IS NOT NULL; INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'poll', NEW.poll_id, 0 WHERE NEW.poll_id IS NOT NULL; END;

CREATE TRIGGER invalidate_articles_article_membership_update AFTER UPDATE ON articles_article WHEN (OLD.live_id IS NULL) IS NOT (NEW.live_id IS NULL) OR OLD.slug IS NOT NEW.slug OR OLD.section_id IS NOT NEW.section_id OR OLD.first_published_at IS NOT NEW.first_published_at OR OLD.withdrawn_at IS NOT NEW.withdrawn_at OR OLD.poll_id IS NOT NEW.poll_id OR OLD.embargo_until IS NOT NEW.embargo_until OR OLD.expires_at IS NOT NEW.expires_at OR OLD.held_at IS NOT NEW.held_at BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'membership', OLD.id, 0 WHERE OLD.id IS NOT NULL; INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'membership', NEW.id, 0 WHERE NEW.id IS NOT NULL AND NEW.id IS NOT OLD.id; INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'section_id', OLD.section_id, 0 WHERE OLD.section_id IS NOT NULL; INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'section_id', NEW.section_id, 0 WHERE NEW.section_id IS NOT NULL AND NEW.section_id IS NOT OLD.section_id; INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'poll', OLD.poll_id, 0 WHERE OLD.poll_id IS NOT NULL; INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'poll', NEW.poll_id, 0 WHERE NEW.poll_id IS NOT NULL AND NEW.poll_id IS NOT OLD.poll_id; END;

CREATE TRIGGER invalidate_articles_article_membership_delete AFTER DELETE ON articles_article BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'membership', OLD.id, 0 WHERE OLD.id IS NOT NULL; INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'section_id', OLD.section_id, 0 WHERE OLD.section_id IS NOT NULL; INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'poll', OLD.poll_id, 0 WHERE OLD.poll_id IS NOT NULL; END;

CREATE TRIGGER invalidate_articles_edition_row_update AFTER UPDATE ON articles_edition WHEN OLD.id IS NOT NEW.id OR OLD.number IS NOT NEW.number OR OLD.slug IS NOT NEW.slug OR OLD.headline IS NOT NEW.headline OR OLD.deck IS NOT NEW.deck OR OLD.summary IS NOT NEW.summary OR OLD.body IS NOT NEW.body OR OLD.body_html IS NOT NEW.body_html OR OLD.byline IS NOT NEW.byline OR OLD.lead_photo_text IS NOT NEW.lead_photo_text OR OLD.author_ids IS NOT NEW.author_ids OR OLD.tag_ids IS NOT NEW.tag_ids OR OLD.related_ids IS NOT NEW.related_ids OR OLD.source_name IS NOT NEW.source_name OR OLD.source_url IS NOT NEW.source_url OR OLD.source_credit IS NOT NEW.source_credit OR OLD.ai_kind IS NOT NEW.ai_kind OR OLD.ai_note IS NOT NEW.ai_note OR OLD.comments_mode IS NOT NEW.comments_mode OR OLD.correction_kind IS NOT NEW.correction_kind OR OLD.correction_note IS NOT NEW.correction_note OR OLD.frozen_at IS NOT NEW.frozen_at OR OLD.article_id IS NOT NEW.article_id OR OLD.lead_photo_id IS NOT NEW.lead_photo_id OR OLD.poll_id IS NOT NEW.poll_id OR OLD.section_id IS NOT NEW.section_id OR OLD.seo_description IS NOT NEW.seo_description OR OLD.seo_title IS NOT NEW.seo_title OR OLD.social_photo_id IS NOT NEW.social_photo_id OR OLD.social_photo_text IS NOT NEW.social_photo_text BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'article_id', OLD.article_id, 0 WHERE OLD.article_id IS NOT NULL; INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'article_id', NEW.article_id, 0 WHERE NEW.article_id IS NOT NULL AND NEW.article_id IS NOT OLD.article_id; END;

CREATE TRIGGER invalidate_articles_edition_row_delete AFTER DELETE ON articles_edition BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'article_id', OLD.article_id, 0 WHERE OLD.article_id IS NOT NULL; END;

CREATE TRIGGER invalidate_articles_appearance_row_insert AFTER INSERT ON articles_appearance BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'article_id', NEW.article_id, 0 WHERE NEW.article_id IS NOT NULL; END;

CREATE TRIGGER invalidate_articles_appearance_row_update AFTER UPDATE ON articles_appearance WHEN OLD.id IS NOT NEW.id OR OLD.published_at IS NOT NEW.published_at OR OLD.article_id IS NOT NEW.article_id OR OLD.edition_id IS NOT NEW.edition_id BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'article_id', OLD.article_id, 0 WHERE OLD.article_id IS NOT NULL; INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'article_id', NEW.article_id, 0 WHERE NEW.article_id IS NOT NULL AND NEW.article_id IS NOT OLD.article_id; END;

CREATE TRIGGER invalidate_articles_appearance_row_delete AFTER DELETE ON articles_appearance BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'article_id', OLD.article_id, 0 WHERE OLD.article_id IS NOT NULL; END;

CREATE TRIGGER invalidate_articles_articlecounts_row_insert AFTER INSERT ON articles_articlecounts BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'article_id', NEW.article_id, 1 WHERE NEW.article_id IS NOT NULL; END;

CREATE TRIGGER invalidate_articles_articlecounts_row_update AFTER UPDATE ON articles_articlecounts WHEN OLD.article_id IS NOT NEW.article_id OR OLD.comments IS NOT NEW.comments OR OLD.saves IS NOT NEW.saves OR OLD.views IS NOT NEW.views BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'article_id', OLD.article_id, 1 WHERE OLD.article_id IS NOT NULL; INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'article_id', NEW.article_id, 1 WHERE NEW.article_id IS NOT NULL AND NEW.article_id IS NOT OLD.article_id; END;

CREATE TRIGGER invalidate_articles_articlecounts_row_delete AFTER DELETE ON articles_articlecounts BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'article_id', OLD.article_id, 1 WHERE OLD.article_id IS NOT NULL; END;

CREATE TRIGGER invalidate_articles_byline_row_insert AFTER INSERT ON articles_byline BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'article_id', NEW.article_id, 0 WHERE NEW.article_id IS NOT NULL; INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'author_id', NEW.author_id, 0 WHERE NEW.author_id IS NOT NULL; END;

CREATE TRIGGER invalidate_articles_byline_row_update AFTER UPDATE ON articles_byline WHEN OLD.id IS NOT NEW.id OR OLD.position IS NOT NEW.position OR OLD.first_published_at IS NOT NEW.first_published_at OR OLD.article_id IS NOT NEW.article_id OR OLD.author_id IS NOT NEW.author_id BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'article_id', OLD.article_id, 0 WHERE OLD.article_id IS NOT NULL; INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'article_id', NEW.article_id, 0 WHERE NEW.article_id IS NOT NULL AND NEW.article_id IS NOT OLD.article_id; INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'author_id', OLD.author_id, 0 WHERE OLD.author_id IS NOT NULL; INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'author_id', NEW.author_id, 0 WHERE NEW.author_id IS NOT NULL AND NEW.author_id IS NOT OLD.author_id; END;

CREATE TRIGGER invalidate_articles_byline_row_delete AFTER DELETE ON articles_byline BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'article_id', OLD.article_id, 0 WHERE OLD.article_id IS NOT NULL; INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'author_id', OLD.author_id, 0 WHERE OLD.author_id IS NOT NULL; END;

CREATE TRIGGER invalidate_articles_tagging_row_insert AFTER INSERT ON articles_tagging BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'article_id', NEW.article_id, 0 WHERE NEW.article_id IS NOT NULL; INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'tag_id', NEW.tag_id, 0 WHERE NEW.tag_id IS NOT NULL; END;

CREATE TRIGGER invalidate_articles_tagging_row_update AFTER UPDATE ON articles_tagging WHEN OLD.id IS NOT NEW.id OR OLD.position IS NOT NEW.position OR OLD.first_published_at IS NOT NEW.first_published_at OR OLD.article_id IS NOT NEW.article_id OR OLD.tag_id IS NOT NEW.tag_id BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'article_id', OLD.article_id, 0 WHERE OLD.article_id IS NOT NULL; INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'article_id', NEW.article_id, 0 WHERE NEW.article_id IS NOT NULL AND NEW.article_id IS NOT OLD.article_id; INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'tag_id', OLD.tag_id, 0 WHERE OLD.tag_id IS NOT NULL; INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'tag_id', NEW.tag_id, 0 WHERE NEW.tag_id IS NOT NULL AND NEW.tag_id IS NOT OLD.tag_id; END;

CREATE TRIGGER invalidate_articles_tagging_row_delete AFTER DELETE ON articles_tagging BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'article_id', OLD.article_id, 0 WHERE OLD.article_id IS NOT NULL; INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'tag_id', OLD.tag_id, 0 WHERE OLD.tag_id IS NOT NULL; END;

CREATE TRIGGER invalidate_articles_pick_row_insert AFTER INSERT ON articles_pick BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'article_id', NEW.article_id, 0 WHERE NEW.article_id IS NOT NULL; END;

CREATE TRIGGER invalidate_articles_pick_row_update AFTER UPDATE ON articles_pick WHEN OLD.id IS NOT NEW.id OR OLD.position IS NOT NEW.position OR OLD.article_id IS NOT NEW.article_id OR OLD.related_id IS NOT NEW.related_id BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'article_id', OLD.article_id, 0 WHERE OLD.article_id IS NOT NULL; INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'article_id', NEW.article_id, 0 WHERE NEW.article_id IS NOT NULL AND NEW.article_id IS NOT OLD.article_id; END;

CREATE TRIGGER invalidate_articles_pick_row_delete AFTER DELETE ON articles_pick BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'article_id', OLD.article_id, 0 WHERE OLD.article_id IS NOT NULL; END;

CREATE TRIGGER invalidate_articles_relatedarticle_row_insert AFTER INSERT ON articles_relatedarticle BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'article_id', NEW.article_id, 0 WHERE NEW.article_id IS NOT NULL; END;

CREATE TRIGGER invalidate_articles_relatedarticle_row_update AFTER UPDATE ON articles_relatedarticle WHEN OLD.id IS NOT NEW.id OR OLD.score IS NOT NEW.score OR OLD.article_id IS NOT NEW.article_id OR OLD.related_id IS NOT NEW.related_id BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'article_id', OLD.article_id, 0 WHERE OLD.article_id IS NOT NULL; INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'article_id', NEW.article_id, 0 WHERE NEW.article_id IS NOT NULL AND NEW.article_id IS NOT OLD.article_id; END;

CREATE TRIGGER invalidate_articles_relatedarticle_row_delete AFTER DELETE ON articles_relatedarticle BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'article_id', OLD.article_id, 0 WHERE OLD.article_id IS NOT NULL; END;

CREATE TRIGGER invalidate_articles_boxedarticle_row_insert AFTER INSERT ON articles_boxedarticle BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'article_id', NEW.article_id, 0 WHERE NEW.article_id IS NOT NULL; END;

CREATE TRIGGER invalidate_articles_boxedarticle_row_update AFTER UPDATE ON articles_boxedarticle WHEN OLD.id IS NOT NEW.id OR OLD.article_id IS NOT NEW.article_id OR OLD.related_uid IS NOT NEW.related_uid BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'article_id', OLD.article_id, 0 WHERE OLD.article_id IS NOT NULL; INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'article_id', NEW.article_id, 0 WHERE NEW.article_id IS NOT NULL AND NEW.article_id IS NOT OLD.article_id; END;

CREATE TRIGGER invalidate_articles_boxedarticle_row_delete AFTER DELETE ON articles_boxedarticle BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'article_id', OLD.article_id, 0 WHERE OLD.article_id IS NOT NULL; END;

CREATE TRIGGER invalidate_articles_photouse_row_insert AFTER INSERT ON articles_photouse BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'article_id', NEW.article_id, 0 WHERE NEW.article_id IS NOT NULL; END;

CREATE TRIGGER invalidate_articles_photouse_row_update AFTER UPDATE ON articles_photouse WHEN OLD.id IS NOT NEW.id OR OLD.article_id IS NOT NEW.article_id OR OLD.photo_id IS NOT NEW.photo_id BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'article_id', OLD.article_id, 0 WHERE OLD.article_id IS NOT NULL; INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'article_id', NEW.article_id, 0 WHERE NEW.article_id IS NOT NULL AND NEW.article_id IS NOT OLD.article_id; END;

CREATE TRIGGER invalidate_articles_photouse_row_delete AFTER DELETE ON articles_photouse BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'article_id', OLD.article_id, 0 WHERE OLD.article_id IS NOT NULL; END;

CREATE TRIGGER invalidate_articles_popularityrank_row_insert AFTER INSERT ON articles_popularityrank BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) VALUES ('popular', '', 1); END;

CREATE TRIGGER invalidate_articles_popularityrank_row_update AFTER UPDATE ON articles_popularityrank WHEN OLD.id IS NOT NEW.id OR OLD.window IS NOT NEW.window OR OLD.views IS NOT NEW.views OR OLD.article_id IS NOT NEW.article_id BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) VALUES ('popular', '', 1); END;

CREATE TRIGGER invalidate_articles_popularityrank_row_delete AFTER DELETE ON articles_popularityrank BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) VALUES ('popular', '', 1); END;

CREATE TRIGGER invalidate_articles_masthead_row_insert AFTER INSERT ON articles_masthead BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) VALUES ('masthead', '', 0); END;

CREATE TRIGGER invalidate_articles_masthead_row_update AFTER UPDATE ON articles_masthead WHEN OLD.id IS NOT NEW.id OR OLD.name IS NOT NEW.name OR OLD.greeting IS NOT NEW.greeting OR OLD.description IS NOT NEW.description OR OLD.tip_address IS NOT NEW.tip_address OR OLD.publisher IS NOT NEW.publisher OR OLD.editor IS NOT NEW.editor OR OLD.company IS NOT NEW.company OR OLD.address IS NOT NEW.address OR OLD.phone IS NOT NEW.phone OR OLD.registration_number IS NOT NEW.registration_number OR OLD.registered_on IS NOT NEW.registered_on OR OLD.founded_on IS NOT NEW.founded_on OR OLD.youth_officer IS NOT NEW.youth_officer OR OLD.copyright IS NOT NEW.copyright BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) VALUES ('masthead', '', 0); END;

CREATE TRIGGER invalidate_articles_masthead_row_delete AFTER DELETE ON articles_masthead BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) VALUES ('masthead', '', 0); END;

CREATE TRIGGER invalidate_articles_section_row_insert AFTER INSERT ON articles_section BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'section', NEW.slug, 0 WHERE NEW.slug IS NOT NULL; END;

CREATE TRIGGER invalidate_articles_section_row_update AFTER UPDATE ON articles_section WHEN OLD.id IS NOT NEW.id OR OLD.name IS NOT NEW.name OR OLD.slug IS NOT NEW.slug OR OLD.position IS NOT NEW.position BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'section', OLD.slug, 0 WHERE OLD.slug IS NOT NULL; INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'section', NEW.slug, 0 WHERE NEW.slug IS NOT NULL AND NEW.slug IS NOT OLD.slug; END;

CREATE TRIGGER invalidate_articles_section_row_delete AFTER DELETE ON articles_section BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'section', OLD.slug, 0 WHERE OLD.slug IS NOT NULL; END;

CREATE TRIGGER invalidate_articles_author_row_insert AFTER INSERT ON articles_author BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'author', NEW.slug, 0 WHERE NEW.slug IS NOT NULL; END;

CREATE TRIGGER invalidate_articles_author_row_update AFTER UPDATE ON articles_author WHEN OLD.id IS NOT NEW.id OR OLD.name IS NOT NEW.name OR OLD.slug IS NOT NEW.slug OR OLD.role IS NOT NEW.role OR OLD.title IS NOT NEW.title OR OLD.bio IS NOT NEW.bio BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'author', OLD.slug, 0 WHERE OLD.slug IS NOT NULL; INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'author', NEW.slug, 0 WHERE NEW.slug IS NOT NULL AND NEW.slug IS NOT OLD.slug; END;

CREATE TRIGGER invalidate_articles_author_row_delete AFTER DELETE ON articles_author BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'author', OLD.slug, 0 WHERE OLD.slug IS NOT NULL; END;

CREATE TRIGGER invalidate_articles_tag_row_insert AFTER INSERT ON articles_tag BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'tag', NEW.slug, 0 WHERE NEW.slug IS NOT NULL; END;

CREATE TRIGGER invalidate_articles_tag_row_update AFTER UPDATE ON articles_tag WHEN OLD.id IS NOT NEW.id OR OLD.name IS NOT NEW.name OR OLD.slug IS NOT NEW.slug BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'tag', OLD.slug, 0 WHERE OLD.slug IS NOT NULL; INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'tag', NEW.slug, 0 WHERE NEW.slug IS NOT NULL AND NEW.slug IS NOT OLD.slug; END;

CREATE TRIGGER invalidate_articles_tag_row_delete AFTER DELETE ON articles_tag BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'tag', OLD.slug, 0 WHERE OLD.slug IS NOT NULL; END;

CREATE TRIGGER invalidate_media_photo_row_insert AFTER INSERT ON media_photo BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'photo', NEW.id, 0 WHERE NEW.id IS NOT NULL; END;

CREATE TRIGGER invalidate_media_photo_row_update AFTER UPDATE ON media_photo WHEN OLD.id IS NOT NEW.id OR OLD.key IS NOT NEW.key OR OLD.title IS NOT NEW.title OR OLD.alt IS NOT NEW.alt OR OLD.caption IS NOT NEW.caption OR OLD.credit IS NOT NEW.credit OR OLD.focal_x IS NOT NEW.focal_x OR OLD.focal_y IS NOT NEW.focal_y OR OLD.width IS NOT NEW.width OR OLD.height IS NOT NEW.height OR OLD.placeholder IS NOT NEW.placeholder OR OLD.sources IS NOT NEW.sources OR OLD.digest IS NOT NEW.digest OR OLD.state IS NOT NEW.state OR OLD.public IS NOT NEW.public OR OLD.uploaded_at IS NOT NEW.uploaded_at OR OLD.uploaded_by_id IS NOT NEW.uploaded_by_id OR OLD.resale_prohibited IS NOT NEW.resale_prohibited OR OLD.rights IS NOT NEW.rights BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'photo', OLD.id, 0 WHERE OLD.id IS NOT NULL; INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'photo', NEW.id, 0 WHERE NEW.id IS NOT NULL AND NEW.id IS NOT OLD.id; END;

CREATE TRIGGER invalidate_media_photo_row_delete AFTER DELETE ON media_photo BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'photo', OLD.id, 0 WHERE OLD.id IS NOT NULL; END;

CREATE TRIGGER invalidate_comments_comment_row_insert AFTER INSERT ON comments_comment BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'thread', NEW.article_id, 0 WHERE NEW.article_id IS NOT NULL; END;

CREATE TRIGGER invalidate_comments_comment_row_update AFTER UPDATE ON comments_comment WHEN OLD.id IS NOT NEW.id OR OLD.text IS NOT NEW.text OR OLD.state IS NOT NEW.state OR OLD.reason IS NOT NEW.reason OR OLD.fingerprint IS NOT NEW.fingerprint OR OLD.version IS NOT NEW.version OR OLD.created_at IS NOT NEW.created_at OR OLD.edited_at IS NOT NEW.edited_at OR OLD.article_id IS NOT NEW.article_id OR OLD.author_id IS NOT NEW.author_id OR OLD.pinned_at IS NOT NEW.pinned_at OR OLD.parent_id IS NOT NEW.parent_id OR OLD.in_reply_to_id IS NOT NEW.in_reply_to_id BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'thread', OLD.article_id, 0 WHERE OLD.article_id IS NOT NULL; INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'thread', NEW.article_id, 0 WHERE NEW.article_id IS NOT NULL AND NEW.article_id IS NOT OLD.article_id; END;

CREATE TRIGGER invalidate_comments_comment_row_delete AFTER DELETE ON comments_comment BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'thread', OLD.article_id, 0 WHERE OLD.article_id IS NOT NULL; END;

CREATE TRIGGER invalidate_comments_comment_counts_update AFTER UPDATE ON comments_comment WHEN OLD.likes IS NOT NEW.likes OR OLD.dislikes IS NOT NEW.dislikes OR OLD.score IS NOT NEW.score OR OLD.rank IS NOT NEW.rank OR OLD.visible_replies IS NOT NEW.visible_replies BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'thread', OLD.article_id, 1 WHERE OLD.article_id IS NOT NULL; INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'thread', NEW.article_id, 1 WHERE NEW.article_id IS NOT NULL AND NEW.article_id IS NOT OLD.article_id; END;

CREATE TRIGGER invalidate_comments_threadpolicy_row_insert AFTER INSERT ON comments_threadpolicy BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'thread', NEW.article_id, 0 WHERE NEW.article_id IS NOT NULL; END;

CREATE TRIGGER invalidate_comments_threadpolicy_row_update AFTER UPDATE ON comments_threadpolicy WHEN OLD.article_id IS NOT NEW.article_id OR OLD.mode IS NOT NEW.mode OR OLD.slow_mode_seconds IS NOT NEW.slow_mode_seconds OR OLD.closes_after_days IS NOT NEW.closes_after_days OR OLD.newest_first IS NOT NEW.newest_first BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'thread', OLD.article_id, 0 WHERE OLD.article_id IS NOT NULL; INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'thread', NEW.article_id, 0 WHERE NEW.article_id IS NOT NULL AND NEW.article_id IS NOT OLD.article_id; END;

CREATE TRIGGER invalidate_comments_threadpolicy_row_delete AFTER DELETE ON comments_threadpolicy BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'thread', OLD.article_id, 0 WHERE OLD.article_id IS NOT NULL; END;

CREATE TRIGGER invalidate_accounts_user_row_update AFTER UPDATE ON accounts_user WHEN OLD.nickname IS NOT NEW.nickname OR OLD.is_active IS NOT NEW.is_active OR OLD.is_staff IS NOT NEW.is_staff OR OLD.closing_at IS NOT NEW.closing_at BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'writer', OLD.id, 0 WHERE OLD.id IS NOT NULL; INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'writer', NEW.id, 0 WHERE NEW.id IS NOT NULL AND NEW.id IS NOT OLD.id; END;

CREATE TRIGGER invalidate_accounts_user_row_delete AFTER DELETE ON accounts_user BEGIN INSERT INTO outbox_invalidation (kind, value, is_count) SELECT 'writer', OLD.id, 0 WHERE OLD.id IS NOT NULL; END;
