CREATE TYPE "public"."account_type" AS ENUM('individual', 'company');--> statement-breakpoint
CREATE TYPE "public"."booking_status" AS ENUM('offered', 'accepted', 'confirmed', 'in_progress', 'completed', 'canceled', 'disputed');--> statement-breakpoint
CREATE TYPE "public"."conversation_kind" AS ENUM('booking', 'direct', 'group', 'support');--> statement-breakpoint
CREATE TYPE "public"."dispute_status" AS ENUM('open', 'investigating', 'resolved', 'rejected', 'refunded', 'escalated');--> statement-breakpoint
CREATE TYPE "public"."language_proficiency" AS ENUM('basic', 'conversational', 'fluent', 'native');--> statement-breakpoint
CREATE TYPE "public"."ledger_entry_type" AS ENUM('authorization', 'capture', 'refund', 'payout', 'fee', 'adjustment');--> statement-breakpoint
CREATE TYPE "public"."message_kind" AS ENUM('text', 'voice', 'image', 'system');--> statement-breakpoint
CREATE TYPE "public"."offer_status" AS ENUM('pending', 'accepted', 'declined', 'expired', 'withdrawn');--> statement-breakpoint
CREATE TYPE "public"."payment_method" AS ENUM('cash', 'wallet', 'card');--> statement-breakpoint
CREATE TYPE "public"."payment_status" AS ENUM('requires_action', 'authorized', 'captured', 'failed', 'canceled');--> statement-breakpoint
CREATE TYPE "public"."payout_status" AS ENUM('scheduled', 'processing', 'paid', 'failed');--> statement-breakpoint
CREATE TYPE "public"."report_status" AS ENUM('open', 'investigating', 'resolved', 'dismissed');--> statement-breakpoint
CREATE TYPE "public"."sourcing" AS ENUM('match', 'bid', 'lead', 'assign');--> statement-breakpoint
CREATE TYPE "public"."task_state" AS ENUM('draft', 'posted', 'matching', 'accepted', 'confirmed', 'in_progress', 'completed', 'settled', 'reviewed', 'expired', 'canceled_by_client', 'canceled_by_tasker', 'disputed', 'on_hold', 'failed');--> statement-breakpoint
CREATE TYPE "public"."tasker_status" AS ENUM('applied', 'verified', 'active', 'at_risk', 'suspended', 'offboarded');--> statement-breakpoint
CREATE TYPE "public"."user_role" AS ENUM('client', 'tasker', 'ops', 'admin');--> statement-breakpoint
CREATE TYPE "public"."user_status" AS ENUM('active', 'suspended', 'closed');--> statement-breakpoint
CREATE TYPE "public"."verification_status" AS ENUM('unverified', 'pending', 'verified', 'rejected');--> statement-breakpoint
CREATE TABLE "conversation_entries" (
	"conversation_id" uuid NOT NULL,
	"seq" bigint NOT NULL,
	"type" text NOT NULL,
	"body" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "conversation_entries_conversation_id_seq_pk" PRIMARY KEY("conversation_id","seq")
);
--> statement-breakpoint
CREATE TABLE "conversation_participants" (
	"conversation_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"read_seq" bigint DEFAULT 0 NOT NULL,
	"joined_at" timestamp with time zone DEFAULT now() NOT NULL,
	"removed_at" timestamp with time zone,
	CONSTRAINT "conversation_participants_conversation_id_user_id_pk" PRIMARY KEY("conversation_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "conversations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" "conversation_kind" DEFAULT 'booking' NOT NULL,
	"booking_id" uuid,
	"archived_seq" bigint DEFAULT 0 NOT NULL,
	"last_message_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "conversations_booking_key" UNIQUE("booking_id")
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"id" uuid PRIMARY KEY NOT NULL,
	"conversation_id" uuid NOT NULL,
	"sender_id" uuid,
	"kind" "message_kind" NOT NULL,
	"seq" bigint NOT NULL,
	"client_message_id" text,
	"text" text,
	"media_url" text,
	"media_id" uuid,
	"reply_to" uuid,
	"meta" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"flagged" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"edited_at" timestamp with time zone,
	"deleted_at" timestamp with time zone,
	CONSTRAINT "messages_conversation_seq_key" UNIQUE("conversation_id","seq"),
	CONSTRAINT "messages_sender" CHECK ("messages"."sender_id" is not null or "messages"."kind" = 'system'),
	CONSTRAINT "messages_text" CHECK (length("messages"."text") <= 4000)
);
--> statement-breakpoint
CREATE TABLE "notification_deliveries" (
	"notification_id" uuid NOT NULL,
	"channel" text NOT NULL,
	"device" text DEFAULT '' NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"note" text,
	"attempted_at" timestamp with time zone,
	CONSTRAINT "notification_deliveries_pkey" PRIMARY KEY("notification_id","channel","device"),
	CONSTRAINT "notification_deliveries_channel" CHECK ("notification_deliveries"."channel" in ('push', 'sms', 'email')),
	CONSTRAINT "notification_deliveries_status" CHECK ("notification_deliveries"."status" in ('pending', 'sent', 'refused'))
);
--> statement-breakpoint
CREATE TABLE "notification_preferences" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"push_enabled" boolean DEFAULT true NOT NULL,
	"sms_enabled" boolean DEFAULT false NOT NULL,
	"email_enabled" boolean DEFAULT false NOT NULL,
	"preferences" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "notifications" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"event_id" uuid,
	"kind" text NOT NULL,
	"title" text NOT NULL,
	"body" text,
	"data" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"read_at" timestamp with time zone,
	"delivered_at" timestamp with time zone,
	"swept_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "notifications_user_event_key" UNIQUE("user_id","event_id")
);
--> statement-breakpoint
CREATE TABLE "ledger_accounts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"owner_user_id" uuid,
	"currency" text DEFAULT 'EGP' NOT NULL,
	"guarded" boolean NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "ledger_accounts_kind_owner_currency_key" UNIQUE NULLS NOT DISTINCT("kind","owner_user_id","currency"),
	CONSTRAINT "ledger_accounts_guarded" CHECK ("ledger_accounts"."guarded" = khidma.is_guarded("ledger_accounts"."kind")),
	CONSTRAINT "ledger_accounts_kind" CHECK ("ledger_accounts"."kind" in ('client_cash', 'client_wallet', 'platform_fee', 'tasker_payable', 'escrow', 'commission_receivable', 'refund_receivable', 'platform_clearing'))
);
--> statement-breakpoint
CREATE TABLE "ledger_balances" (
	"account_id" uuid PRIMARY KEY NOT NULL,
	"guarded" boolean NOT NULL,
	"balance" bigint DEFAULT 0 NOT NULL,
	"lines" bigint DEFAULT 0 NOT NULL,
	"rolled_up_xid" "xid8" DEFAULT '0'::xid8 NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "ledger_balances_guard" CHECK (not "ledger_balances"."guarded" or "ledger_balances"."balance" >= 0)
);
--> statement-breakpoint
CREATE TABLE "ledger_entries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"entry_type" "ledger_entry_type" NOT NULL,
	"booking_id" uuid,
	"reference_id" text,
	"currency" text DEFAULT 'EGP' NOT NULL,
	"actor_user_id" uuid,
	"request_id" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "ledger_entries_type_reference_key" UNIQUE("entry_type","reference_id")
);
--> statement-breakpoint
CREATE TABLE "ledger_lines" (
	"id" uuid PRIMARY KEY NOT NULL,
	"entry_id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"amount" bigint NOT NULL,
	"currency" text NOT NULL,
	"balance_after" bigint,
	"xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "ledger_lines_nonzero" CHECK ("ledger_lines"."amount" <> 0)
);
--> statement-breakpoint
CREATE TABLE "payment_intents" (
	"id" uuid PRIMARY KEY NOT NULL,
	"booking_id" uuid NOT NULL,
	"method" "payment_method" NOT NULL,
	"status" "payment_status" DEFAULT 'requires_action' NOT NULL,
	"provider" text,
	"provider_reference" text,
	"amount_authorized" bigint DEFAULT 0 NOT NULL,
	"amount_captured" bigint DEFAULT 0 NOT NULL,
	"currency" text DEFAULT 'EGP' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "payment_intents_booking_id_key" UNIQUE("booking_id"),
	CONSTRAINT "payment_intents_amounts" CHECK ("payment_intents"."amount_authorized" >= 0 and "payment_intents"."amount_captured" >= 0)
);
--> statement-breakpoint
CREATE TABLE "payouts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tasker_id" uuid NOT NULL,
	"booking_id" uuid,
	"amount" bigint NOT NULL,
	"currency" text DEFAULT 'EGP' NOT NULL,
	"status" "payout_status" DEFAULT 'scheduled' NOT NULL,
	"provider" text,
	"provider_reference" text,
	"scheduled_for" timestamp with time zone,
	"paid_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "payouts_amount" CHECK ("payouts"."amount" > 0)
);
--> statement-breakpoint
CREATE TABLE "pricing_bands" (
	"id" uuid PRIMARY KEY NOT NULL,
	"category_id" uuid NOT NULL,
	"city" text,
	"min_amount" bigint NOT NULL,
	"max_amount" bigint NOT NULL,
	"currency" text DEFAULT 'EGP' NOT NULL,
	"active" boolean DEFAULT true NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "pricing_bands_order" CHECK (0 < "pricing_bands"."min_amount" and "pricing_bands"."min_amount" <= "pricing_bands"."max_amount"),
	CONSTRAINT "pricing_bands_limit" CHECK ("pricing_bands"."max_amount" <= 100000000),
	CONSTRAINT "pricing_bands_city" CHECK ("pricing_bands"."city" = btrim("pricing_bands"."city") and "pricing_bands"."city" <> '')
);
--> statement-breakpoint
CREATE TABLE "permissions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"resource" text NOT NULL,
	"action" text NOT NULL,
	"description" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "permissions_name_key" UNIQUE("name"),
	CONSTRAINT "permissions_name" CHECK ("permissions"."name" = "permissions"."resource" || '.' || "permissions"."action")
);
--> statement-breakpoint
CREATE TABLE "role_permissions" (
	"role_id" uuid NOT NULL,
	"permission_id" uuid NOT NULL,
	"granted_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "role_permissions_pkey" PRIMARY KEY("role_id","permission_id")
);
--> statement-breakpoint
CREATE TABLE "roles" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"display_name" text NOT NULL,
	"description" text,
	"audience" text DEFAULT 'internal' NOT NULL,
	"department_id" uuid,
	"can_approve_requests" boolean DEFAULT false NOT NULL,
	"can_manage_system_settings" boolean DEFAULT false NOT NULL,
	"is_system_role" boolean DEFAULT false NOT NULL,
	"is_active" boolean DEFAULT true NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "roles_name_key" UNIQUE("name"),
	CONSTRAINT "roles_name" CHECK ("roles"."name" ~ '^[a-z][a-z_]{1,49}$'),
	CONSTRAINT "roles_audience" CHECK ("roles"."audience" in ('internal', 'external'))
);
--> statement-breakpoint
CREATE TABLE "user_roles" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"role_id" uuid NOT NULL,
	"status" text NOT NULL,
	"reason" text,
	"assigned_by" uuid,
	"assigned_at" timestamp with time zone,
	"decided_by" uuid,
	"decided_at" timestamp with time zone,
	"decision_reason" text,
	"ended_by" uuid,
	"ended_at" timestamp with time zone,
	"end_reason" text,
	"expires_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "user_roles_status" CHECK ("user_roles"."status" in ('pending', 'approved', 'rejected', 'revoked', 'expired'))
);
--> statement-breakpoint
CREATE TABLE "api_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"name" text NOT NULL,
	"prefix" text NOT NULL,
	"key_hash" text NOT NULL,
	"secret_id" uuid NOT NULL,
	"scopes" text[] DEFAULT '{}'::text[] NOT NULL,
	"owner_role" "user_role" DEFAULT 'client' NOT NULL,
	"requests_per_minute" integer,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone,
	"last_used_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	"previous_hash" text,
	"previous_until" timestamp with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "api_keys_prefix_key" UNIQUE("prefix"),
	CONSTRAINT "api_keys_requests_per_minute" CHECK ("api_keys"."requests_per_minute" > 0),
	CONSTRAINT "api_keys_previous" CHECK (("api_keys"."previous_hash" is null) = ("api_keys"."previous_until" is null))
);
--> statement-breakpoint
CREATE TABLE "email_codes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"purpose" text NOT NULL,
	"email" text NOT NULL,
	"user_id" uuid,
	"code_hash" text NOT NULL,
	"fields" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"attempts" smallint DEFAULT 0 NOT NULL,
	"ip_address" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"sent_at" timestamp with time zone,
	"used_at" timestamp with time zone,
	"completed_at" timestamp with time zone,
	CONSTRAINT "email_codes_purpose" CHECK ("email_codes"."purpose" in ('register', 'reset', 'change')),
	CONSTRAINT "email_codes_attempts" CHECK ("email_codes"."attempts" between 0 and 5)
);
--> statement-breakpoint
CREATE TABLE "mfa_backup_codes" (
	"user_id" uuid NOT NULL,
	"code_hash" text NOT NULL,
	"batch_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"used_at" timestamp with time zone,
	CONSTRAINT "mfa_backup_codes_pkey" PRIMARY KEY("user_id","code_hash")
);
--> statement-breakpoint
CREATE TABLE "mfa_challenges" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"session_id" uuid,
	"first_factor" text NOT NULL,
	"device" jsonb,
	"attempts" smallint DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone,
	CONSTRAINT "mfa_challenges_attempts" CHECK ("mfa_challenges"."attempts" between 0 and 5)
);
--> statement-breakpoint
CREATE TABLE "mfa_factors" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"kind" text DEFAULT 'totp' NOT NULL,
	"label" text NOT NULL,
	"secret" text NOT NULL,
	"last_counter" bigint NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_used_at" timestamp with time zone,
	CONSTRAINT "mfa_factors_kind" CHECK ("mfa_factors"."kind" = 'totp')
);
--> statement-breakpoint
CREATE TABLE "otp_breakers" (
	"prefix" text NOT NULL,
	"channel" text NOT NULL,
	"tripped_at" timestamp with time zone NOT NULL,
	"paused_until" timestamp with time zone NOT NULL,
	"trips" integer DEFAULT 1 NOT NULL,
	"sent" integer NOT NULL,
	"verified" integer NOT NULL,
	"id" uuid DEFAULT khidma.uuid_v7() NOT NULL,
	"reset_at" timestamp with time zone,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "otp_breakers_pkey" PRIMARY KEY("prefix","channel"),
	CONSTRAINT "otp_breakers_id_key" UNIQUE("id")
);
--> statement-breakpoint
CREATE TABLE "otp_prefix_counts" (
	"prefix" text NOT NULL,
	"channel" text NOT NULL,
	"minute" timestamp with time zone NOT NULL,
	"shard" smallint DEFAULT 0 NOT NULL,
	"sent" integer DEFAULT 0 NOT NULL,
	"verified" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "otp_prefix_counts_pkey" PRIMARY KEY("prefix","channel","minute","shard")
);
--> statement-breakpoint
CREATE TABLE "security_notifications" (
	"event_id" uuid NOT NULL,
	"channel" text NOT NULL,
	"user_id" uuid NOT NULL,
	"recipient" text NOT NULL,
	"changed_to" text,
	"taken_until" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "security_notifications_pkey" PRIMARY KEY("event_id","channel"),
	CONSTRAINT "security_notifications_channel" CHECK ("security_notifications"."channel" in ('email', 'sms'))
);
--> statement-breakpoint
CREATE TABLE "sign_in_attempts" (
	"key" text PRIMARY KEY NOT NULL,
	"failed" integer DEFAULT 0 NOT NULL,
	"last_failed_at" timestamp with time zone,
	"blocked_until" timestamp with time zone,
	"succeeded_at" timestamp with time zone,
	"seen_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "user_credentials" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"password_changed_at" timestamp with time zone,
	"password_salt" text,
	"password_algorithm" text,
	"password_hash" text,
	"failed_attempts" integer DEFAULT 0 NOT NULL,
	"last_sign_in_at" timestamp with time zone,
	"told_blocked_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "user_credentials_password" CHECK (num_nonnulls("user_credentials"."password_changed_at", "user_credentials"."password_salt", "user_credentials"."password_algorithm", "user_credentials"."password_hash") in (0, 4))
);
--> statement-breakpoint
CREATE TABLE "otp_requests" (
	"id" uuid PRIMARY KEY NOT NULL,
	"phone" text NOT NULL,
	"otp_hash" text NOT NULL,
	"number_block" text NOT NULL,
	"ip_address" text,
	"user_agent" text,
	"attempts" smallint DEFAULT 0 NOT NULL,
	"verified" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"sent_at" timestamp with time zone,
	"channel" text DEFAULT 'sms' NOT NULL,
	"sent_by" text,
	"prefixes" text[] DEFAULT '{}'::text[] NOT NULL,
	"purpose" text DEFAULT 'sign_in' NOT NULL,
	"user_id" uuid,
	"requester" text DEFAULT '' NOT NULL,
	"guesses" jsonb DEFAULT '[]'::jsonb NOT NULL,
	CONSTRAINT "otp_requests_attempts" CHECK ("otp_requests"."attempts" between 0 and 5),
	CONSTRAINT "otp_requests_purpose" CHECK ("otp_requests"."purpose" in ('sign_in', 'change')),
	CONSTRAINT "otp_requests_change" CHECK ("otp_requests"."purpose" <> 'change' or "otp_requests"."user_id" is not null),
	CONSTRAINT "otp_requests_channel" CHECK ("otp_requests"."channel" in ('sms', 'whatsapp', 'voice'))
);
--> statement-breakpoint
CREATE TABLE "otp_sends" (
	"key" text NOT NULL,
	"sent_at" timestamp with time zone DEFAULT now() NOT NULL,
	"otp_request_id" uuid NOT NULL,
	CONSTRAINT "otp_sends_pkey" PRIMARY KEY("key","sent_at","otp_request_id")
);
--> statement-breakpoint
CREATE TABLE "refresh_tokens" (
	"id" uuid PRIMARY KEY NOT NULL,
	"session_id" uuid NOT NULL,
	"token_hash" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone,
	"replaced_by" uuid,
	CONSTRAINT "refresh_tokens_hash_key" UNIQUE("token_hash")
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"device_id" text,
	"ip_address" text,
	"user_agent" text,
	"country" text,
	"city" text,
	"last_ip_address" text,
	"last_country" text,
	"last_city" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_used_at" timestamp with time zone DEFAULT now() NOT NULL,
	"revoked_at" timestamp with time zone,
	"revoked_reason" text,
	"first_factor" text DEFAULT 'otp' NOT NULL,
	"mfa_at" timestamp with time zone,
	CONSTRAINT "sessions_first_factor" CHECK ("sessions"."first_factor" in ('otp', 'password', 'registration')),
	CONSTRAINT "sessions_country" CHECK ("sessions"."country" ~ '^[A-Z0-9]{2}$')
);
--> statement-breakpoint
CREATE TABLE "user_devices" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"device_id" text NOT NULL,
	"platform" text NOT NULL,
	"push_token" text,
	"last_seen_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "user_devices_user_device_key" UNIQUE("user_id","device_id"),
	CONSTRAINT "user_devices_platform" CHECK ("user_devices"."platform" in ('ios', 'android', 'web'))
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY NOT NULL,
	"role" "user_role" DEFAULT 'client' NOT NULL,
	"phone" text,
	"email" text,
	"email_verified_at" timestamp with time zone,
	"username" text,
	"full_name" text,
	"locale" text DEFAULT 'ar-EG' NOT NULL,
	"account_type" "account_type" DEFAULT 'individual' NOT NULL,
	"status" "user_status" DEFAULT 'active' NOT NULL,
	"timezone" text DEFAULT 'Africa/Cairo' NOT NULL,
	"currency" text DEFAULT 'EGP' NOT NULL,
	"country" text,
	"erased_at" timestamp with time zone,
	"legal_hold" boolean DEFAULT false NOT NULL,
	"suspended_at" timestamp with time zone,
	"suspended_by" uuid,
	"suspension_reason" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "users_phone_key" UNIQUE("phone"),
	CONSTRAINT "users_email_key" UNIQUE("email"),
	CONSTRAINT "users_username_key" UNIQUE("username"),
	CONSTRAINT "users_phone_e164" CHECK ("users"."phone" ~ '^\+[1-9][0-9]{6,14}$'),
	CONSTRAINT "users_timezone" CHECK (khidma.is_timezone("users"."timezone")),
	CONSTRAINT "users_currency" CHECK ("users"."currency" in ('EGP', 'NGN', 'KGS', 'INR', 'GHS')),
	CONSTRAINT "users_country" CHECK ("users"."country" ~ '^[A-Z]{2}$'),
	CONSTRAINT "users_locale" CHECK ("users"."locale" ~ '^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$'),
	CONSTRAINT "users_username_form" CHECK ("users"."username" ~ '^[a-z0-9][a-z0-9._-]{1,48}[a-z0-9]$'),
	CONSTRAINT "users_reachable" CHECK ("users"."phone" is not null or "users"."email" is not null or "users"."erased_at" is not null)
);
--> statement-breakpoint
CREATE TABLE "departments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"code" text NOT NULL,
	"description" text,
	"department_head" text,
	"department_email" text,
	"is_active" boolean DEFAULT true NOT NULL,
	"visibility" text DEFAULT 'internal' NOT NULL,
	"transfers_enabled" boolean DEFAULT true NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "departments_name_key" UNIQUE("name"),
	CONSTRAINT "departments_code_key" UNIQUE("code"),
	CONSTRAINT "departments_visibility" CHECK ("departments"."visibility" in ('internal', 'external'))
);
--> statement-breakpoint
CREATE TABLE "designations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"code" text NOT NULL,
	"department_id" uuid NOT NULL,
	"description" text,
	"level" text,
	"can_manage_team" boolean DEFAULT false NOT NULL,
	"can_approve" boolean DEFAULT false NOT NULL,
	"is_active" boolean DEFAULT true NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "designations_name_key" UNIQUE("name"),
	CONSTRAINT "designations_code_key" UNIQUE("code")
);
--> statement-breakpoint
CREATE TABLE "employees" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"employee_code" text NOT NULL,
	"department_id" uuid,
	"designation_id" uuid,
	"joining_date" date,
	"employment_status" text DEFAULT 'active' NOT NULL,
	"manager_employee_id" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "employees_user_key" UNIQUE("user_id"),
	CONSTRAINT "employees_code_key" UNIQUE("employee_code"),
	CONSTRAINT "employees_status" CHECK ("employees"."employment_status" in ('active', 'inactive', 'terminated')),
	CONSTRAINT "employees_own_manager" CHECK ("employees"."manager_employee_id" <> "employees"."id")
);
--> statement-breakpoint
CREATE TABLE "consent_documents" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"document_version" text NOT NULL,
	"url" text NOT NULL,
	"is_required" boolean NOT NULL,
	"published_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "consent_documents_kind_version_key" UNIQUE("kind","document_version"),
	CONSTRAINT "consent_documents_kind" CHECK ("consent_documents"."kind" in ('terms', 'privacy', 'marketing'))
);
--> statement-breakpoint
CREATE TABLE "consents" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"document_id" uuid NOT NULL,
	"granted_at" timestamp with time zone DEFAULT now() NOT NULL,
	"withdrawn_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "erasure_requests" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"status" text DEFAULT 'scheduled' NOT NULL,
	"scheduled_for" timestamp with time zone NOT NULL,
	"reason" text,
	"obstacles" text[] DEFAULT '{}'::text[] NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp with time zone NOT NULL,
	"pass" smallint DEFAULT 1 NOT NULL,
	"step" text,
	"step_cursor" text,
	"identifiers" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"canceled_at" timestamp with time zone,
	"started_at" timestamp with time zone,
	"wiped_at" timestamp with time zone,
	"completed_at" timestamp with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "erasure_requests_status" CHECK ("erasure_requests"."status" in ('scheduled', 'deferred', 'running', 'wiped', 'completed', 'canceled'))
);
--> statement-breakpoint
CREATE TABLE "export_requests" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp with time zone DEFAULT now() NOT NULL,
	"storage_key" text,
	"file_size" bigint,
	"row_count" integer,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"completed_at" timestamp with time zone,
	"expires_at" timestamp with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "export_requests_status" CHECK ("export_requests"."status" in ('pending', 'ready', 'expired', 'failed')),
	CONSTRAINT "export_requests_file" CHECK ("export_requests"."status" <> 'ready' or ("export_requests"."storage_key" is not null and "export_requests"."expires_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "legal_holds" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"reason" text NOT NULL,
	"placed_by" uuid,
	"placed_at" timestamp with time zone DEFAULT now() NOT NULL,
	"released_by" uuid,
	"released_at" timestamp with time zone,
	"release_reason" text,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "removals" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"key" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp with time zone DEFAULT now() NOT NULL,
	"decided_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "removals_kind_key" UNIQUE("kind","key"),
	CONSTRAINT "removals_kind" CHECK ("removals"."kind" in ('file', 'conversation'))
);
--> statement-breakpoint
CREATE TABLE "retention_runs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"job" text NOT NULL,
	"outcome" text NOT NULL,
	"report" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"error" text,
	"started_at" timestamp with time zone NOT NULL,
	"duration_ms" integer NOT NULL,
	CONSTRAINT "retention_runs_outcome" CHECK ("retention_runs"."outcome" in ('done', 'failed'))
);
--> statement-breakpoint
CREATE TABLE "addresses" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"label" text NOT NULL,
	"address" text NOT NULL,
	"city" text NOT NULL,
	"district" text,
	"region" text,
	"postal_code" text,
	"country" text NOT NULL,
	"instructions" text,
	"lat" double precision,
	"lng" double precision,
	"location" geography(Point, 4326) GENERATED ALWAYS AS ((st_setsrid(st_makepoint(lng, lat), 4326)::geography)) STORED,
	"is_default" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "addresses_place" CHECK (("addresses"."lat" is null) = ("addresses"."lng" is null) and "addresses"."lat" between -90 and 90 and "addresses"."lng" between -180 and 180),
	CONSTRAINT "addresses_country" CHECK ("addresses"."country" ~ '^[A-Z]{2}$')
);
--> statement-breakpoint
CREATE TABLE "candidate_profiles" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"display_name" text,
	"bio" text,
	"city" text,
	"experience_years" integer,
	"preferred_roles" text[] DEFAULT '{}'::text[] NOT NULL,
	"skills" text[] DEFAULT '{}'::text[] NOT NULL,
	"experience" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"education" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"expected_salary_amount" bigint,
	"expected_salary_currency" text,
	"resume_media_id" uuid,
	"status" text DEFAULT 'draft' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "candidate_profiles_years" CHECK ("candidate_profiles"."experience_years" between 0 and 80),
	CONSTRAINT "candidate_profiles_lists" CHECK (jsonb_typeof("candidate_profiles"."experience") = 'array' and jsonb_typeof("candidate_profiles"."education") = 'array'),
	CONSTRAINT "candidate_profiles_salary" CHECK (("candidate_profiles"."expected_salary_amount" is null) = ("candidate_profiles"."expected_salary_currency" is null) and "candidate_profiles"."expected_salary_amount" > 0),
	CONSTRAINT "candidate_profiles_currency" CHECK ("candidate_profiles"."expected_salary_currency" in ('EGP', 'NGN', 'KGS', 'INR', 'GHS')),
	CONSTRAINT "candidate_profiles_status" CHECK ("candidate_profiles"."status" in ('draft', 'active', 'hidden'))
);
--> statement-breakpoint
CREATE TABLE "client_profiles" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"display_name" text,
	"city" text,
	"district" text,
	"preferred_payment_method" "payment_method",
	"contact_preference" text DEFAULT 'any' NOT NULL,
	"note_for_taskers" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "client_profiles_contact" CHECK ("client_profiles"."contact_preference" in ('any', 'chat', 'phone'))
);
--> statement-breakpoint
CREATE TABLE "company_profiles" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"company_name" text NOT NULL,
	"business_type" text,
	"industry" text,
	"registration_number" text,
	"contact_person_name" text,
	"contact_person_title" text,
	"email" text,
	"phone" text,
	"city" text,
	"country" text,
	"bio" text,
	"website_url" text,
	"logo_media_id" uuid,
	"status" text DEFAULT 'active' NOT NULL,
	"approval_status" text DEFAULT 'pending' NOT NULL,
	"rejection_reason" text,
	"reviewed_at" timestamp with time zone,
	"reviewed_by" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "company_profiles_phone" CHECK ("company_profiles"."phone" ~ '^\+[1-9][0-9]{6,14}$'),
	CONSTRAINT "company_profiles_country" CHECK ("company_profiles"."country" ~ '^[A-Z]{2}$'),
	CONSTRAINT "company_profiles_status" CHECK ("company_profiles"."status" in ('active', 'hidden')),
	CONSTRAINT "company_profiles_approval" CHECK ("company_profiles"."approval_status" in ('pending', 'approved', 'rejected'))
);
--> statement-breakpoint
CREATE TABLE "favourite_taskers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"client_id" uuid NOT NULL,
	"tasker_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "favourite_taskers_client_tasker_key" UNIQUE("client_id","tasker_id"),
	CONSTRAINT "favourite_taskers_other" CHECK ("favourite_taskers"."client_id" <> "favourite_taskers"."tasker_id")
);
--> statement-breakpoint
CREATE TABLE "languages" (
	"code" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"native_name" text NOT NULL,
	"is_active" boolean DEFAULT true NOT NULL,
	"is_default" boolean DEFAULT false NOT NULL,
	"sort_order" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "languages_code" CHECK ("languages"."code" ~ '^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$'),
	CONSTRAINT "languages_default_active" CHECK ("languages"."is_active" or not "languages"."is_default")
);
--> statement-breakpoint
CREATE TABLE "user_languages" (
	"user_id" uuid NOT NULL,
	"language_code" text NOT NULL,
	"proficiency" "language_proficiency" NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "user_languages_pkey" PRIMARY KEY("user_id","language_code")
);
--> statement-breakpoint
CREATE TABLE "user_profiles" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"bio" text,
	"date_of_birth" date,
	"gender" text,
	"avatar_media_id" uuid,
	"job_title" text,
	"website_url" text,
	"linkedin_url" text,
	"twitter_handle" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "user_profiles_born" CHECK ("user_profiles"."date_of_birth" between date '1900-01-01' and date '2100-01-01'),
	CONSTRAINT "user_profiles_gender" CHECK ("user_profiles"."gender" in ('female', 'male', 'other', 'undisclosed'))
);
--> statement-breakpoint
CREATE TABLE "user_settings" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"theme" text DEFAULT 'system' NOT NULL,
	"text_size" text DEFAULT 'medium' NOT NULL,
	"reduce_motion" boolean DEFAULT false NOT NULL,
	"distance_unit" text DEFAULT 'km' NOT NULL,
	"time_format" text DEFAULT '24h' NOT NULL,
	"week_starts_on" text DEFAULT 'saturday' NOT NULL,
	"start_screen" text DEFAULT 'home' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "user_settings_theme" CHECK ("user_settings"."theme" in ('system', 'light', 'dark')),
	CONSTRAINT "user_settings_text_size" CHECK ("user_settings"."text_size" in ('small', 'medium', 'large', 'extra_large')),
	CONSTRAINT "user_settings_distance_unit" CHECK ("user_settings"."distance_unit" in ('km', 'mi')),
	CONSTRAINT "user_settings_time_format" CHECK ("user_settings"."time_format" in ('12h', '24h')),
	CONSTRAINT "user_settings_week_starts_on" CHECK ("user_settings"."week_starts_on" in ('saturday', 'sunday', 'monday')),
	CONSTRAINT "user_settings_start_screen" CHECK ("user_settings"."start_screen" in ('home', 'tasks', 'bookings', 'messages'))
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"id" uuid PRIMARY KEY NOT NULL,
	"xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"seq" bigint GENERATED ALWAYS AS IDENTITY (sequence name "outbox_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"type" text NOT NULL,
	"object_type" text NOT NULL,
	"object_id" uuid NOT NULL,
	"object_seq" integer NOT NULL,
	"data" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"dispatched_at" timestamp with time zone,
	"swept_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "outbox_recipients" (
	"user_id" uuid NOT NULL,
	"xid" "xid8" NOT NULL,
	"seq" bigint NOT NULL,
	"event_id" uuid NOT NULL,
	CONSTRAINT "outbox_recipients_user_id_xid_seq_pk" PRIMARY KEY("user_id","xid","seq")
);
--> statement-breakpoint
CREATE TABLE "media_files" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid,
	"kind" text NOT NULL,
	"mime_type" text,
	"file_size" integer,
	"storage_url" text NOT NULL,
	"storage_key" text NOT NULL,
	"content_hash" text,
	"uploaded_at" timestamp with time zone,
	"expires_at" timestamp with time zone,
	"metadata" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "media_files_storage_key" UNIQUE("storage_key")
);
--> statement-breakpoint
CREATE TABLE "dead_letters" (
	"id" uuid PRIMARY KEY NOT NULL,
	"queue" text NOT NULL,
	"message_id" text NOT NULL,
	"body" jsonb NOT NULL,
	"attempts" integer NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"resolved_at" timestamp with time zone,
	CONSTRAINT "dead_letters_message_key" UNIQUE("message_id")
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"scope" text NOT NULL,
	"key" text NOT NULL,
	"request_hash" text NOT NULL,
	"rows" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "idempotency_keys_scope_key" UNIQUE("scope","key")
);
--> statement-breakpoint
CREATE TABLE "state_transitions" (
	"machine" text NOT NULL,
	"name" text NOT NULL,
	"from_state" text,
	"to_state" text NOT NULL,
	"party" text NOT NULL,
	"drives_to" text,
	"event" text,
	CONSTRAINT "state_transitions_key" UNIQUE NULLS NOT DISTINCT("machine","from_state","to_state","party")
);
--> statement-breakpoint
CREATE TABLE "webhook_deliveries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"subscription_id" uuid NOT NULL,
	"event_id" uuid NOT NULL,
	"round" smallint DEFAULT 1 NOT NULL,
	"event_type" text NOT NULL,
	"payload" jsonb NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"response_status" integer,
	"response_body" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"attempt_log" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"next_attempt_at" timestamp with time zone DEFAULT now() NOT NULL,
	"delivered_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "webhook_deliveries_once_key" UNIQUE("subscription_id","event_id","round"),
	CONSTRAINT "webhook_deliveries_status" CHECK ("webhook_deliveries"."status" in ('pending', 'delivered', 'failed'))
);
--> statement-breakpoint
CREATE TABLE "webhook_subscriptions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid,
	"url" text NOT NULL,
	"events" text[] NOT NULL,
	"secret" text NOT NULL,
	"previous_secret" text,
	"previous_secret_until" timestamp with time zone,
	"active" boolean DEFAULT true NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "webhook_subscriptions_events" CHECK (cardinality("webhook_subscriptions"."events") between 1 and 50)
);
--> statement-breakpoint
CREATE TABLE "task_categories" (
	"id" uuid PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"name_en" text NOT NULL,
	"name_ar" text,
	"parent_id" uuid,
	"icon_url" text,
	"active" boolean DEFAULT true NOT NULL,
	"sort_order" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "task_categories_slug_key" UNIQUE("slug"),
	CONSTRAINT "task_categories_slug" CHECK ("task_categories"."slug" ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
	CONSTRAINT "task_categories_not_own_parent" CHECK ("task_categories"."parent_id" is distinct from "task_categories"."id")
);
--> statement-breakpoint
CREATE TABLE "tasker_availability_blocks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tasker_id" uuid NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"kind" text DEFAULT 'available' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "tasker_availability_kind" CHECK ("tasker_availability_blocks"."kind" in ('available', 'unavailable')),
	CONSTRAINT "tasker_availability_order" CHECK ("tasker_availability_blocks"."ends_at" > "tasker_availability_blocks"."starts_at")
);
--> statement-breakpoint
CREATE TABLE "tasker_categories" (
	"tasker_id" uuid NOT NULL,
	"category" text NOT NULL,
	CONSTRAINT "tasker_categories_tasker_id_category_pk" PRIMARY KEY("tasker_id","category")
);
--> statement-breakpoint
CREATE TABLE "tasker_profiles" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"status" "tasker_status" DEFAULT 'applied' NOT NULL,
	"bio" text,
	"rating_avg" numeric(3, 2) DEFAULT 0 NOT NULL,
	"rating_count" integer DEFAULT 0 NOT NULL,
	"acceptance_rate" numeric(5, 4) DEFAULT 0 NOT NULL,
	"completion_rate" numeric(5, 4) DEFAULT 0 NOT NULL,
	"offers_answered" integer DEFAULT 0 NOT NULL,
	"offers_accepted" integer DEFAULT 0 NOT NULL,
	"bookings_ended" integer DEFAULT 0 NOT NULL,
	"bookings_completed" integer DEFAULT 0 NOT NULL,
	"hourly_rate_amount" bigint,
	"hourly_rate_currency" text DEFAULT 'EGP' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "tasker_profiles_rating" CHECK ("tasker_profiles"."rating_avg" between 0 and 5 and "tasker_profiles"."rating_count" >= 0),
	CONSTRAINT "tasker_profiles_rate" CHECK ("tasker_profiles"."hourly_rate_amount" is null or "tasker_profiles"."hourly_rate_amount" > 0)
);
--> statement-breakpoint
CREATE TABLE "tasker_service_areas" (
	"tasker_id" uuid PRIMARY KEY NOT NULL,
	"center_lat" double precision NOT NULL,
	"center_lng" double precision NOT NULL,
	"radius_km" double precision DEFAULT 10 NOT NULL,
	CONSTRAINT "tasker_service_areas_lat" CHECK ("tasker_service_areas"."center_lat" between -90 and 90),
	CONSTRAINT "tasker_service_areas_lng" CHECK ("tasker_service_areas"."center_lng" between -180 and 180),
	CONSTRAINT "tasker_service_areas_radius" CHECK ("tasker_service_areas"."radius_km" > 0 and "tasker_service_areas"."radius_km" <= 200)
);
--> statement-breakpoint
CREATE TABLE "tasker_skills" (
	"tasker_id" uuid NOT NULL,
	"skill" text NOT NULL,
	CONSTRAINT "tasker_skills_tasker_id_skill_pk" PRIMARY KEY("tasker_id","skill")
);
--> statement-breakpoint
CREATE TABLE "user_verifications" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"phone_verified" boolean DEFAULT false NOT NULL,
	"national_id_hash" text,
	"national_id_last4" text,
	"verification_status" "verification_status" DEFAULT 'unverified' NOT NULL,
	"verified_at" timestamp with time zone,
	"document_type" text,
	"document_country" text,
	"front_media_id" uuid,
	"back_media_id" uuid,
	"selfie_media_id" uuid,
	"submitted_at" timestamp with time zone,
	"reviewed_at" timestamp with time zone,
	"reviewed_by" uuid,
	"rejection_reason" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "user_verifications_hash" CHECK ("user_verifications"."national_id_hash" ~ '^[0-9a-f]{64}$'),
	CONSTRAINT "user_verifications_last4" CHECK ("user_verifications"."national_id_last4" ~ '^[0-9A-Z]{4}$'),
	CONSTRAINT "user_verifications_document" CHECK ("user_verifications"."document_type" in ('national_id', 'passport', 'residence_permit', 'driving_licence')),
	CONSTRAINT "user_verifications_country" CHECK ("user_verifications"."document_country" ~ '^[A-Z]{2}$'),
	CONSTRAINT "user_verifications_not_own" CHECK ("user_verifications"."reviewed_by" <> "user_verifications"."user_id")
);
--> statement-breakpoint
CREATE TABLE "audit_days" (
	"day" date PRIMARY KEY NOT NULL,
	"row_count" bigint NOT NULL,
	"previous_hash" "bytea" NOT NULL,
	"head_hash" "bytea" NOT NULL,
	"sealed_at" timestamp with time zone NOT NULL,
	"purged_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "audit_log" (
	"id" uuid PRIMARY KEY NOT NULL,
	"actor_type" text NOT NULL,
	"actor_id" text,
	"actor_user_id" uuid,
	"actor_role" text NOT NULL,
	"source_id" text,
	"subject_user_id" uuid,
	"module" text NOT NULL,
	"action" text NOT NULL,
	"target_type" text,
	"target_id" text,
	"request_id" text,
	"correlation_id" text,
	"ip_address" text,
	"user_agent" text,
	"status" text DEFAULT 'succeeded' NOT NULL,
	"meta" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"salt" uuid,
	"changes_digest" "bytea" NOT NULL,
	"redacted_at" timestamp with time zone,
	"redacted_by" uuid,
	"day" date,
	"chain_position" bigint,
	"previous_hash" "bytea",
	"hash" "bytea",
	"sealed_at" timestamp with time zone,
	CONSTRAINT "audit_log_actor_type" CHECK ("audit_log"."actor_type" in ('user', 'employee', 'system', 'cron', 'key', 'provider', 'anonymous', 'database')),
	CONSTRAINT "audit_log_status" CHECK ("audit_log"."status" in ('succeeded', 'refused', 'failed'))
);
--> statement-breakpoint
CREATE TABLE "disputes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"booking_id" uuid NOT NULL,
	"status" "dispute_status" DEFAULT 'open' NOT NULL,
	"opened_by" uuid NOT NULL,
	"reason" text NOT NULL,
	"amount_in_question" bigint,
	"currency" text DEFAULT 'EGP' NOT NULL,
	"resolution" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "disputes_booking_id_key" UNIQUE("booking_id"),
	CONSTRAINT "disputes_amount" CHECK ("disputes"."amount_in_question" is null or "disputes"."amount_in_question" > 0)
);
--> statement-breakpoint
CREATE TABLE "reports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"reporter_id" uuid NOT NULL,
	"reported_user_id" uuid,
	"booking_id" uuid,
	"kind" text NOT NULL,
	"description" text,
	"status" "report_status" DEFAULT 'open' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "reviews" (
	"id" uuid PRIMARY KEY NOT NULL,
	"booking_id" uuid NOT NULL,
	"reviewer_id" uuid NOT NULL,
	"reviewee_id" uuid NOT NULL,
	"rating" integer NOT NULL,
	"tags" text[] DEFAULT '{}'::text[] NOT NULL,
	"comment" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "reviews_booking_reviewer_key" UNIQUE("booking_id","reviewer_id"),
	CONSTRAINT "reviews_rating" CHECK ("reviews"."rating" between 1 and 5),
	CONSTRAINT "reviews_two_people" CHECK ("reviews"."reviewer_id" <> "reviews"."reviewee_id")
);
--> statement-breakpoint
CREATE TABLE "booking_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"booking_id" uuid NOT NULL,
	"from_status" "booking_status",
	"to_status" "booking_status" NOT NULL,
	"actor_user_id" uuid,
	"meta" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bookings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"task_id" uuid NOT NULL,
	"client_id" uuid NOT NULL,
	"tasker_id" uuid NOT NULL,
	"status" "booking_status" DEFAULT 'offered' NOT NULL,
	"agreed_rate_amount" bigint,
	"agreed_rate_currency" text DEFAULT 'EGP' NOT NULL,
	"agreed_minimum_minutes" integer DEFAULT 60 NOT NULL,
	"scheduled_during" "tstzrange" NOT NULL,
	"started_at" timestamp with time zone,
	"completed_at" timestamp with time zone,
	"cancel_reason" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "bookings_task_id_key" UNIQUE("task_id"),
	CONSTRAINT "bookings_scheduled_bounded" CHECK (not isempty("bookings"."scheduled_during") and not lower_inf("bookings"."scheduled_during") and not upper_inf("bookings"."scheduled_during")),
	CONSTRAINT "bookings_rate" CHECK ("bookings"."agreed_rate_amount" is null or "bookings"."agreed_rate_amount" > 0),
	CONSTRAINT "bookings_two_people" CHECK ("bookings"."client_id" <> "bookings"."tasker_id"),
	CONSTRAINT "bookings_minimum" CHECK ("bookings"."agreed_minimum_minutes" between 1 and 10080)
);
--> statement-breakpoint
CREATE TABLE "match_index" (
	"tasker_id" uuid NOT NULL,
	"category" text NOT NULL,
	"center" geography(Point, 4326) NOT NULL,
	"radius_m" double precision NOT NULL,
	"rating_avg" double precision NOT NULL,
	"rating_count" integer NOT NULL,
	"acceptance_rate" double precision NOT NULL,
	"completion_rate" double precision NOT NULL,
	"offers_answered" integer NOT NULL,
	"bookings_ended" integer NOT NULL,
	"rate_currency" text,
	CONSTRAINT "match_index_tasker_id_category_pk" PRIMARY KEY("tasker_id","category")
);
--> statement-breakpoint
CREATE TABLE "offers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"task_id" uuid NOT NULL,
	"tasker_id" uuid NOT NULL,
	"wave" integer NOT NULL,
	"status" "offer_status" DEFAULT 'pending' NOT NULL,
	"delivered_at" timestamp with time zone,
	"expires_at" timestamp with time zone NOT NULL,
	"answered_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "offers_task_tasker_key" UNIQUE("task_id","tasker_id"),
	CONSTRAINT "offers_wave" CHECK ("offers"."wave" between 1 and 3)
);
--> statement-breakpoint
CREATE TABLE "task_candidates" (
	"id" uuid PRIMARY KEY NOT NULL,
	"task_id" uuid NOT NULL,
	"tasker_id" uuid NOT NULL,
	"rank" integer NOT NULL,
	"score" numeric(10, 6) NOT NULL,
	"explanation" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "task_candidates_task_tasker_key" UNIQUE("task_id","tasker_id")
);
--> statement-breakpoint
CREATE TABLE "task_state_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"task_id" uuid NOT NULL,
	"from_state" "task_state",
	"to_state" "task_state" NOT NULL,
	"actor_user_id" uuid,
	"reason" text,
	"meta" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tasks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"client_id" uuid NOT NULL,
	"sourcing" "sourcing" DEFAULT 'match' NOT NULL,
	"category" text NOT NULL,
	"subcategory" text,
	"description" text NOT NULL,
	"address" text NOT NULL,
	"city" text NOT NULL,
	"district" text,
	"lat" double precision NOT NULL,
	"lng" double precision NOT NULL,
	"location" geography(Point, 4326) GENERATED ALWAYS AS ((st_setsrid(st_makepoint(lng, lat), 4326)::geography)) STORED,
	"starts_at" timestamp with time zone NOT NULL,
	"flexibility_minutes" integer DEFAULT 0 NOT NULL,
	"pricing_model" text DEFAULT 'hourly' NOT NULL,
	"price_band_id" text,
	"est_minutes" integer,
	"est_min_amount" bigint,
	"est_max_amount" bigint,
	"currency" text DEFAULT 'EGP' NOT NULL,
	"structured_inputs" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"state" "task_state" DEFAULT 'draft' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "tasks_id_client_key" UNIQUE("id","client_id"),
	CONSTRAINT "tasks_lat" CHECK ("tasks"."lat" between -90 and 90),
	CONSTRAINT "tasks_lng" CHECK ("tasks"."lng" between -180 and 180),
	CONSTRAINT "tasks_flexibility" CHECK ("tasks"."flexibility_minutes" between 0 and 10080),
	CONSTRAINT "tasks_est_minutes" CHECK ("tasks"."est_minutes" between 15 and 10080),
	CONSTRAINT "tasks_pricing_model" CHECK ("tasks"."pricing_model" in ('hourly', 'fixed')),
	CONSTRAINT "tasks_estimate" CHECK ("tasks"."est_min_amount" >= 0 and "tasks"."est_max_amount" >= "tasks"."est_min_amount")
);
--> statement-breakpoint
ALTER TABLE "conversation_entries" ADD CONSTRAINT "conversation_entries_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversation_participants" ADD CONSTRAINT "conversation_participants_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversation_participants" ADD CONSTRAINT "conversation_participants_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_booking_id_bookings_id_fk" FOREIGN KEY ("booking_id") REFERENCES "public"."bookings"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_sender_id_users_id_fk" FOREIGN KEY ("sender_id") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notification_deliveries" ADD CONSTRAINT "notification_deliveries_notification_id_notifications_id_fk" FOREIGN KEY ("notification_id") REFERENCES "public"."notifications"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notification_preferences" ADD CONSTRAINT "notification_preferences_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_accounts" ADD CONSTRAINT "ledger_accounts_owner_user_id_users_id_fk" FOREIGN KEY ("owner_user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_balances" ADD CONSTRAINT "ledger_balances_account_id_ledger_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."ledger_accounts"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_entries" ADD CONSTRAINT "ledger_entries_booking_id_bookings_id_fk" FOREIGN KEY ("booking_id") REFERENCES "public"."bookings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_lines" ADD CONSTRAINT "ledger_lines_entry_id_ledger_entries_id_fk" FOREIGN KEY ("entry_id") REFERENCES "public"."ledger_entries"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_lines" ADD CONSTRAINT "ledger_lines_account_id_ledger_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."ledger_accounts"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment_intents" ADD CONSTRAINT "payment_intents_booking_id_bookings_id_fk" FOREIGN KEY ("booking_id") REFERENCES "public"."bookings"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payouts" ADD CONSTRAINT "payouts_tasker_id_users_id_fk" FOREIGN KEY ("tasker_id") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payouts" ADD CONSTRAINT "payouts_booking_id_bookings_id_fk" FOREIGN KEY ("booking_id") REFERENCES "public"."bookings"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pricing_bands" ADD CONSTRAINT "pricing_bands_category_id_task_categories_id_fk" FOREIGN KEY ("category_id") REFERENCES "public"."task_categories"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "role_permissions" ADD CONSTRAINT "role_permissions_role_id_roles_id_fk" FOREIGN KEY ("role_id") REFERENCES "public"."roles"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "role_permissions" ADD CONSTRAINT "role_permissions_permission_id_permissions_id_fk" FOREIGN KEY ("permission_id") REFERENCES "public"."permissions"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "roles" ADD CONSTRAINT "roles_department_id_departments_id_fk" FOREIGN KEY ("department_id") REFERENCES "public"."departments"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_roles" ADD CONSTRAINT "user_roles_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_roles" ADD CONSTRAINT "user_roles_role_id_roles_id_fk" FOREIGN KEY ("role_id") REFERENCES "public"."roles"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_roles" ADD CONSTRAINT "user_roles_assigned_by_users_id_fk" FOREIGN KEY ("assigned_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_roles" ADD CONSTRAINT "user_roles_decided_by_users_id_fk" FOREIGN KEY ("decided_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_roles" ADD CONSTRAINT "user_roles_ended_by_users_id_fk" FOREIGN KEY ("ended_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "email_codes" ADD CONSTRAINT "email_codes_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mfa_backup_codes" ADD CONSTRAINT "mfa_backup_codes_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mfa_challenges" ADD CONSTRAINT "mfa_challenges_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mfa_challenges" ADD CONSTRAINT "mfa_challenges_session_id_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."sessions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mfa_factors" ADD CONSTRAINT "mfa_factors_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "security_notifications" ADD CONSTRAINT "security_notifications_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_credentials" ADD CONSTRAINT "user_credentials_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "otp_requests" ADD CONSTRAINT "otp_requests_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refresh_tokens" ADD CONSTRAINT "refresh_tokens_session_id_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."sessions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_devices" ADD CONSTRAINT "user_devices_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_suspended_by_users_id_fk" FOREIGN KEY ("suspended_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "designations" ADD CONSTRAINT "designations_department_id_departments_id_fk" FOREIGN KEY ("department_id") REFERENCES "public"."departments"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "employees" ADD CONSTRAINT "employees_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "employees" ADD CONSTRAINT "employees_department_id_departments_id_fk" FOREIGN KEY ("department_id") REFERENCES "public"."departments"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "employees" ADD CONSTRAINT "employees_designation_id_designations_id_fk" FOREIGN KEY ("designation_id") REFERENCES "public"."designations"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "employees" ADD CONSTRAINT "employees_manager_employee_id_employees_id_fk" FOREIGN KEY ("manager_employee_id") REFERENCES "public"."employees"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consents" ADD CONSTRAINT "consents_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consents" ADD CONSTRAINT "consents_document_id_consent_documents_id_fk" FOREIGN KEY ("document_id") REFERENCES "public"."consent_documents"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "erasure_requests" ADD CONSTRAINT "erasure_requests_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "export_requests" ADD CONSTRAINT "export_requests_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "legal_holds" ADD CONSTRAINT "legal_holds_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "legal_holds" ADD CONSTRAINT "legal_holds_placed_by_users_id_fk" FOREIGN KEY ("placed_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "legal_holds" ADD CONSTRAINT "legal_holds_released_by_users_id_fk" FOREIGN KEY ("released_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "addresses" ADD CONSTRAINT "addresses_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "candidate_profiles" ADD CONSTRAINT "candidate_profiles_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "candidate_profiles" ADD CONSTRAINT "candidate_profiles_resume_media_id_media_files_id_fk" FOREIGN KEY ("resume_media_id") REFERENCES "public"."media_files"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "client_profiles" ADD CONSTRAINT "client_profiles_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "company_profiles" ADD CONSTRAINT "company_profiles_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "company_profiles" ADD CONSTRAINT "company_profiles_logo_media_id_media_files_id_fk" FOREIGN KEY ("logo_media_id") REFERENCES "public"."media_files"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "company_profiles" ADD CONSTRAINT "company_profiles_reviewed_by_users_id_fk" FOREIGN KEY ("reviewed_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "favourite_taskers" ADD CONSTRAINT "favourite_taskers_client_id_users_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "favourite_taskers" ADD CONSTRAINT "favourite_taskers_tasker_id_users_id_fk" FOREIGN KEY ("tasker_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_languages" ADD CONSTRAINT "user_languages_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_languages" ADD CONSTRAINT "user_languages_language_code_languages_code_fk" FOREIGN KEY ("language_code") REFERENCES "public"."languages"("code") ON DELETE no action ON UPDATE cascade;--> statement-breakpoint
ALTER TABLE "user_profiles" ADD CONSTRAINT "user_profiles_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_profiles" ADD CONSTRAINT "user_profiles_avatar_media_id_media_files_id_fk" FOREIGN KEY ("avatar_media_id") REFERENCES "public"."media_files"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_settings" ADD CONSTRAINT "user_settings_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "outbox_recipients" ADD CONSTRAINT "outbox_recipients_event_id_outbox_id_fk" FOREIGN KEY ("event_id") REFERENCES "public"."outbox"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "media_files" ADD CONSTRAINT "media_files_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_subscription_id_webhook_subscriptions_id_fk" FOREIGN KEY ("subscription_id") REFERENCES "public"."webhook_subscriptions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_subscriptions" ADD CONSTRAINT "webhook_subscriptions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task_categories" ADD CONSTRAINT "task_categories_parent_id_task_categories_id_fk" FOREIGN KEY ("parent_id") REFERENCES "public"."task_categories"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tasker_availability_blocks" ADD CONSTRAINT "tasker_availability_blocks_tasker_id_users_id_fk" FOREIGN KEY ("tasker_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tasker_categories" ADD CONSTRAINT "tasker_categories_tasker_id_users_id_fk" FOREIGN KEY ("tasker_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tasker_profiles" ADD CONSTRAINT "tasker_profiles_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tasker_service_areas" ADD CONSTRAINT "tasker_service_areas_tasker_id_users_id_fk" FOREIGN KEY ("tasker_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tasker_skills" ADD CONSTRAINT "tasker_skills_tasker_id_users_id_fk" FOREIGN KEY ("tasker_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_verifications" ADD CONSTRAINT "user_verifications_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_verifications" ADD CONSTRAINT "user_verifications_front_media_id_media_files_id_fk" FOREIGN KEY ("front_media_id") REFERENCES "public"."media_files"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_verifications" ADD CONSTRAINT "user_verifications_back_media_id_media_files_id_fk" FOREIGN KEY ("back_media_id") REFERENCES "public"."media_files"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_verifications" ADD CONSTRAINT "user_verifications_selfie_media_id_media_files_id_fk" FOREIGN KEY ("selfie_media_id") REFERENCES "public"."media_files"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_verifications" ADD CONSTRAINT "user_verifications_reviewed_by_users_id_fk" FOREIGN KEY ("reviewed_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "disputes" ADD CONSTRAINT "disputes_booking_id_bookings_id_fk" FOREIGN KEY ("booking_id") REFERENCES "public"."bookings"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "disputes" ADD CONSTRAINT "disputes_opened_by_users_id_fk" FOREIGN KEY ("opened_by") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reports" ADD CONSTRAINT "reports_reporter_id_users_id_fk" FOREIGN KEY ("reporter_id") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reports" ADD CONSTRAINT "reports_reported_user_id_users_id_fk" FOREIGN KEY ("reported_user_id") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reports" ADD CONSTRAINT "reports_booking_id_bookings_id_fk" FOREIGN KEY ("booking_id") REFERENCES "public"."bookings"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reviews" ADD CONSTRAINT "reviews_booking_id_bookings_id_fk" FOREIGN KEY ("booking_id") REFERENCES "public"."bookings"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reviews" ADD CONSTRAINT "reviews_reviewer_id_users_id_fk" FOREIGN KEY ("reviewer_id") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reviews" ADD CONSTRAINT "reviews_reviewee_id_users_id_fk" FOREIGN KEY ("reviewee_id") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "booking_events" ADD CONSTRAINT "booking_events_booking_id_bookings_id_fk" FOREIGN KEY ("booking_id") REFERENCES "public"."bookings"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "booking_events" ADD CONSTRAINT "booking_events_actor_user_id_users_id_fk" FOREIGN KEY ("actor_user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_task_id_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "public"."tasks"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_client_id_users_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_tasker_id_users_id_fk" FOREIGN KEY ("tasker_id") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_client_of_task" FOREIGN KEY ("task_id","client_id") REFERENCES "public"."tasks"("id","client_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "match_index" ADD CONSTRAINT "match_index_tasker_id_users_id_fk" FOREIGN KEY ("tasker_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "offers" ADD CONSTRAINT "offers_task_id_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "public"."tasks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "offers" ADD CONSTRAINT "offers_tasker_id_users_id_fk" FOREIGN KEY ("tasker_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task_candidates" ADD CONSTRAINT "task_candidates_task_id_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "public"."tasks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task_candidates" ADD CONSTRAINT "task_candidates_tasker_id_users_id_fk" FOREIGN KEY ("tasker_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task_state_events" ADD CONSTRAINT "task_state_events_task_id_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "public"."tasks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task_state_events" ADD CONSTRAINT "task_state_events_actor_user_id_users_id_fk" FOREIGN KEY ("actor_user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_client_id_users_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "idx_conversation_participants_user" ON "conversation_participants" USING btree ("user_id","conversation_id");--> statement-breakpoint
CREATE INDEX "idx_messages_conversation_time" ON "messages" USING btree ("conversation_id","created_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idx_messages_media" ON "messages" USING btree ("media_id") WHERE "messages"."media_id" is not null;--> statement-breakpoint
CREATE INDEX "idx_notifications_user" ON "notifications" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "idx_notifications_time" ON "notifications" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "idx_notifications_undelivered" ON "notifications" USING btree ("created_at") WHERE "notifications"."delivered_at" is null;--> statement-breakpoint
CREATE INDEX "idx_ledger_accounts_owner" ON "ledger_accounts" USING btree ("owner_user_id");--> statement-breakpoint
CREATE INDEX "idx_ledger_entries_booking" ON "ledger_entries" USING btree ("booking_id","created_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idx_ledger_lines_account" ON "ledger_lines" USING btree ("account_id","created_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idx_ledger_lines_entry" ON "ledger_lines" USING btree ("entry_id");--> statement-breakpoint
CREATE INDEX "idx_ledger_lines_rollup" ON "ledger_lines" USING btree ("account_id","xid");--> statement-breakpoint
CREATE INDEX "idx_payment_intents_status" ON "payment_intents" USING btree ("status");--> statement-breakpoint
CREATE INDEX "idx_payouts_tasker_time" ON "payouts" USING btree ("tasker_id","created_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE UNIQUE INDEX "pricing_bands_active_key" ON "pricing_bands" USING btree ("category_id",coalesce(lower("city"), '')) WHERE "pricing_bands"."active";--> statement-breakpoint
CREATE INDEX "idx_role_permissions_permission" ON "role_permissions" USING btree ("permission_id");--> statement-breakpoint
CREATE UNIQUE INDEX "user_roles_open_key" ON "user_roles" USING btree ("user_id","role_id") WHERE "user_roles"."status" in ('pending', 'approved');--> statement-breakpoint
CREATE INDEX "idx_user_roles_role" ON "user_roles" USING btree ("role_id") WHERE "user_roles"."status" = 'approved';--> statement-breakpoint
CREATE INDEX "idx_user_roles_expiry" ON "user_roles" USING btree ("expires_at") WHERE "user_roles"."status" = 'approved' and "user_roles"."expires_at" is not null;--> statement-breakpoint
CREATE INDEX "idx_api_keys_user" ON "api_keys" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "idx_api_keys_ended" ON "api_keys" USING btree (least("revoked_at", "expires_at"));--> statement-breakpoint
CREATE INDEX "idx_email_codes_time" ON "email_codes" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "idx_email_codes_user" ON "email_codes" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "idx_mfa_challenges_user" ON "mfa_challenges" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "idx_mfa_challenges_session" ON "mfa_challenges" USING btree ("session_id");--> statement-breakpoint
CREATE INDEX "idx_mfa_challenges_time" ON "mfa_challenges" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "idx_mfa_factors_user" ON "mfa_factors" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "idx_mfa_factors_key" ON "mfa_factors" USING btree (split_part("secret", '.', 1),"id");--> statement-breakpoint
CREATE INDEX "idx_otp_prefix_counts_minute" ON "otp_prefix_counts" USING btree ("minute");--> statement-breakpoint
CREATE INDEX "idx_security_notifications_user" ON "security_notifications" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "idx_security_notifications_time" ON "security_notifications" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "idx_sign_in_attempts_seen" ON "sign_in_attempts" USING btree ("seen_at");--> statement-breakpoint
CREATE INDEX "idx_otp_requests_user" ON "otp_requests" USING btree ("user_id","created_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idx_otp_requests_phone" ON "otp_requests" USING btree ("phone","created_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idx_otp_requests_block" ON "otp_requests" USING btree ("number_block","created_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idx_otp_requests_ip" ON "otp_requests" USING btree ("ip_address","created_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idx_otp_requests_time" ON "otp_requests" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "idx_otp_sends_time" ON "otp_sends" USING btree ("sent_at");--> statement-breakpoint
CREATE UNIQUE INDEX "refresh_tokens_one_live" ON "refresh_tokens" USING btree ("session_id") WHERE "refresh_tokens"."used_at" is null;--> statement-breakpoint
CREATE INDEX "idx_refresh_tokens_expiry" ON "refresh_tokens" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "idx_refresh_tokens_session" ON "refresh_tokens" USING btree ("session_id");--> statement-breakpoint
CREATE INDEX "idx_sessions_user" ON "sessions" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "idx_sessions_last_used" ON "sessions" USING btree ("last_used_at");--> statement-breakpoint
CREATE INDEX "idx_user_devices_last_seen" ON "user_devices" USING btree ("last_seen_at");--> statement-breakpoint
CREATE UNIQUE INDEX "user_devices_push_token_key" ON "user_devices" USING btree ("push_token") WHERE "user_devices"."push_token" is not null;--> statement-breakpoint
CREATE INDEX "idx_users_legal_hold" ON "users" USING btree ("id") WHERE "users"."legal_hold";--> statement-breakpoint
CREATE INDEX "idx_designations_department" ON "designations" USING btree ("department_id");--> statement-breakpoint
CREATE INDEX "idx_employees_department" ON "employees" USING btree ("department_id","id");--> statement-breakpoint
CREATE INDEX "idx_employees_designation" ON "employees" USING btree ("designation_id","id");--> statement-breakpoint
CREATE INDEX "idx_employees_manager" ON "employees" USING btree ("manager_employee_id","id");--> statement-breakpoint
CREATE INDEX "idx_consent_documents_kind" ON "consent_documents" USING btree ("kind","id");--> statement-breakpoint
CREATE UNIQUE INDEX "consents_active_key" ON "consents" USING btree ("user_id","document_id") WHERE "consents"."withdrawn_at" is null;--> statement-breakpoint
CREATE INDEX "idx_consents_user" ON "consents" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "idx_consents_document" ON "consents" USING btree ("document_id");--> statement-breakpoint
CREATE UNIQUE INDEX "erasure_requests_one_open" ON "erasure_requests" USING btree ("user_id") WHERE "erasure_requests"."status" in ('scheduled', 'deferred', 'running', 'wiped');--> statement-breakpoint
CREATE INDEX "idx_erasure_requests_user" ON "erasure_requests" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "idx_erasure_requests_status" ON "erasure_requests" USING btree ("status","id");--> statement-breakpoint
CREATE INDEX "idx_erasure_requests_key" ON "erasure_requests" USING btree (split_part("identifiers", '.', 1),"id") WHERE "erasure_requests"."identifiers" is not null;--> statement-breakpoint
CREATE INDEX "idx_erasure_requests_due" ON "erasure_requests" USING btree ("next_at") WHERE "erasure_requests"."status" in ('scheduled', 'deferred', 'running', 'wiped');--> statement-breakpoint
CREATE INDEX "idx_export_requests_user" ON "export_requests" USING btree ("user_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "export_requests_one_pending" ON "export_requests" USING btree ("user_id") WHERE "export_requests"."status" = 'pending';--> statement-breakpoint
CREATE INDEX "idx_export_requests_ended" ON "export_requests" USING btree ("created_at") WHERE "export_requests"."status" in ('expired', 'failed');--> statement-breakpoint
CREATE INDEX "idx_export_requests_due" ON "export_requests" USING btree ("next_at") WHERE "export_requests"."status" = 'pending';--> statement-breakpoint
CREATE INDEX "idx_export_requests_expiry" ON "export_requests" USING btree ("expires_at") WHERE "export_requests"."status" = 'ready';--> statement-breakpoint
CREATE INDEX "idx_legal_holds_user" ON "legal_holds" USING btree ("user_id") WHERE "legal_holds"."released_at" is null;--> statement-breakpoint
CREATE INDEX "idx_legal_holds_person" ON "legal_holds" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "idx_removals_due" ON "removals" USING btree ("kind","next_at");--> statement-breakpoint
CREATE INDEX "idx_retention_runs_job" ON "retention_runs" USING btree ("job","id");--> statement-breakpoint
CREATE INDEX "idx_retention_runs_time" ON "retention_runs" USING btree ("started_at");--> statement-breakpoint
CREATE INDEX "idx_retention_runs_failed" ON "retention_runs" USING btree ("id") WHERE "retention_runs"."outcome" = 'failed';--> statement-breakpoint
CREATE INDEX "idx_addresses_user" ON "addresses" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "idx_addresses_geo" ON "addresses" USING gist ("location");--> statement-breakpoint
CREATE UNIQUE INDEX "addresses_one_default" ON "addresses" USING btree ("user_id") WHERE "addresses"."is_default";--> statement-breakpoint
CREATE INDEX "idx_candidate_profiles_resume" ON "candidate_profiles" USING btree ("resume_media_id") WHERE "candidate_profiles"."resume_media_id" is not null;--> statement-breakpoint
CREATE INDEX "idx_company_profiles_logo" ON "company_profiles" USING btree ("logo_media_id") WHERE "company_profiles"."logo_media_id" is not null;--> statement-breakpoint
CREATE INDEX "idx_company_profiles_approval" ON "company_profiles" USING btree ("approval_status","created_at","user_id");--> statement-breakpoint
CREATE INDEX "idx_favourite_taskers_client" ON "favourite_taskers" USING btree ("client_id","id");--> statement-breakpoint
CREATE INDEX "idx_favourite_taskers_tasker" ON "favourite_taskers" USING btree ("tasker_id");--> statement-breakpoint
CREATE UNIQUE INDEX "languages_one_default" ON "languages" USING btree ("is_default") WHERE "languages"."is_default";--> statement-breakpoint
CREATE INDEX "idx_user_languages_code" ON "user_languages" USING btree ("language_code");--> statement-breakpoint
CREATE INDEX "idx_user_profiles_avatar" ON "user_profiles" USING btree ("avatar_media_id") WHERE "user_profiles"."avatar_media_id" is not null;--> statement-breakpoint
CREATE INDEX "idx_outbox_order" ON "outbox" USING btree ("xid","seq");--> statement-breakpoint
CREATE UNIQUE INDEX "outbox_seq_key" ON "outbox" USING btree ("seq");--> statement-breakpoint
CREATE INDEX "idx_outbox_time" ON "outbox" USING btree ("created_at") WHERE "outbox"."dispatched_at" is not null;--> statement-breakpoint
CREATE INDEX "idx_outbox_undispatched" ON "outbox" USING btree ("created_at") WHERE "outbox"."dispatched_at" is null;--> statement-breakpoint
CREATE INDEX "idx_outbox_recipients_event" ON "outbox_recipients" USING btree ("event_id");--> statement-breakpoint
CREATE INDEX "idx_media_files_user" ON "media_files" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "idx_media_files_unfinished" ON "media_files" USING btree ("created_at") WHERE "media_files"."uploaded_at" is null;--> statement-breakpoint
CREATE INDEX "idx_media_files_expiry" ON "media_files" USING btree ("expires_at") WHERE "media_files"."expires_at" is not null;--> statement-breakpoint
CREATE INDEX "idx_dead_letters_time" ON "dead_letters" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "idx_dead_letters_codes" ON "dead_letters" USING btree ("created_at") WHERE "dead_letters"."body" ->> 'kind' in ('otp', 'email_code');--> statement-breakpoint
CREATE INDEX "idx_idempotency_time" ON "idempotency_keys" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "idx_idempotency_scope" ON "idempotency_keys" USING btree ("scope");--> statement-breakpoint
CREATE INDEX "idx_webhook_deliveries_page" ON "webhook_deliveries" USING btree ("subscription_id","id");--> statement-breakpoint
CREATE INDEX "idx_webhook_deliveries_time" ON "webhook_deliveries" USING btree ("created_at") WHERE "webhook_deliveries"."status" <> 'pending';--> statement-breakpoint
CREATE INDEX "idx_webhook_deliveries_due" ON "webhook_deliveries" USING btree ("next_attempt_at") WHERE "webhook_deliveries"."status" = 'pending';--> statement-breakpoint
CREATE INDEX "idx_webhook_subscriptions_user" ON "webhook_subscriptions" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "idx_webhook_subscriptions_key" ON "webhook_subscriptions" USING btree (split_part("secret", '.', 1),"id");--> statement-breakpoint
CREATE INDEX "idx_webhook_subscriptions_previous_key" ON "webhook_subscriptions" USING btree (split_part("previous_secret", '.', 1),"id") WHERE "webhook_subscriptions"."previous_secret" is not null;--> statement-breakpoint
CREATE INDEX "idx_task_categories_parent" ON "task_categories" USING btree ("parent_id","sort_order");--> statement-breakpoint
CREATE INDEX "idx_tasker_avail_tasker_time" ON "tasker_availability_blocks" USING btree ("tasker_id","starts_at","ends_at");--> statement-breakpoint
CREATE INDEX "idx_tasker_categories_category" ON "tasker_categories" USING btree ("category");--> statement-breakpoint
CREATE INDEX "idx_tasker_profiles_status" ON "tasker_profiles" USING btree ("status","user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "user_verifications_national_id_key" ON "user_verifications" USING btree ("national_id_hash") WHERE "user_verifications"."verification_status" = 'verified';--> statement-breakpoint
CREATE INDEX "idx_user_verifications_front" ON "user_verifications" USING btree ("front_media_id") WHERE "user_verifications"."front_media_id" is not null;--> statement-breakpoint
CREATE INDEX "idx_user_verifications_back" ON "user_verifications" USING btree ("back_media_id") WHERE "user_verifications"."back_media_id" is not null;--> statement-breakpoint
CREATE INDEX "idx_user_verifications_selfie" ON "user_verifications" USING btree ("selfie_media_id") WHERE "user_verifications"."selfie_media_id" is not null;--> statement-breakpoint
CREATE INDEX "idx_user_verifications_hash" ON "user_verifications" USING btree ("national_id_hash") WHERE "user_verifications"."national_id_hash" is not null;--> statement-breakpoint
CREATE INDEX "idx_user_verifications_queue" ON "user_verifications" USING btree ("verification_status","submitted_at","user_id") WHERE "user_verifications"."submitted_at" is not null;--> statement-breakpoint
CREATE INDEX "idx_audit_log_target" ON "audit_log" USING btree ("target_type","target_id","created_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idx_audit_log_actor" ON "audit_log" USING btree ("actor_user_id","created_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idx_audit_log_actor_id" ON "audit_log" USING btree ("actor_id","id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idx_audit_log_subject" ON "audit_log" USING btree ("subject_user_id","id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idx_audit_log_module" ON "audit_log" USING btree ("module","id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idx_audit_log_action" ON "audit_log" USING btree ("action","id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idx_audit_log_request" ON "audit_log" USING btree ("request_id");--> statement-breakpoint
CREATE INDEX "idx_audit_log_correlation" ON "audit_log" USING btree ("correlation_id") WHERE "audit_log"."correlation_id" is distinct from "audit_log"."request_id";--> statement-breakpoint
CREATE INDEX "idx_audit_log_not_succeeded" ON "audit_log" USING btree ("id" DESC NULLS FIRST) WHERE "audit_log"."status" <> 'succeeded';--> statement-breakpoint
CREATE INDEX "idx_audit_log_unsealed" ON "audit_log" USING btree ("id") WHERE "audit_log"."hash" is null;--> statement-breakpoint
CREATE INDEX "idx_audit_log_redacted" ON "audit_log" USING btree ("day") WHERE "audit_log"."redacted_by" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "audit_log_chain_key" ON "audit_log" USING btree ("day","chain_position") WHERE "audit_log"."chain_position" is not null;--> statement-breakpoint
CREATE INDEX "idx_disputes_status" ON "disputes" USING btree ("status");--> statement-breakpoint
CREATE INDEX "idx_reports_status" ON "reports" USING btree ("status");--> statement-breakpoint
CREATE INDEX "idx_reports_reporter" ON "reports" USING btree ("reporter_id","id");--> statement-breakpoint
CREATE INDEX "idx_reviews_reviewee" ON "reviews" USING btree ("reviewee_id","created_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idx_reviews_reviewee_page" ON "reviews" USING btree ("reviewee_id","id");--> statement-breakpoint
CREATE INDEX "idx_booking_events_booking_time" ON "booking_events" USING btree ("booking_id","created_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idx_bookings_tasker" ON "bookings" USING btree ("tasker_id","id");--> statement-breakpoint
CREATE INDEX "idx_bookings_client" ON "bookings" USING btree ("client_id","id");--> statement-breakpoint
CREATE INDEX "match_index_category_center" ON "match_index" USING gist ("category","center");--> statement-breakpoint
CREATE INDEX "idx_offers_tasker" ON "offers" USING btree ("tasker_id","id");--> statement-breakpoint
CREATE INDEX "idx_offers_task" ON "offers" USING btree ("task_id","wave");--> statement-breakpoint
CREATE INDEX "idx_task_candidates_task_rank" ON "task_candidates" USING btree ("task_id","rank");--> statement-breakpoint
CREATE INDEX "idx_task_state_events_task_time" ON "task_state_events" USING btree ("task_id","created_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idx_tasks_client" ON "tasks" USING btree ("client_id","id");--> statement-breakpoint
CREATE INDEX "idx_tasks_geo" ON "tasks" USING gist ("location");--> statement-breakpoint
CREATE INDEX "idx_tasks_ended" ON "tasks" USING btree ("updated_at") WHERE "tasks"."state" in ('settled', 'reviewed', 'expired', 'canceled_by_client', 'canceled_by_tasker', 'failed', 'draft', 'completed') and "tasks"."description" <> '[archived]';--> statement-breakpoint
CREATE INDEX "idx_tasks_searching" ON "tasks" USING btree ("updated_at") WHERE "tasks"."state" in ('posted', 'matching');