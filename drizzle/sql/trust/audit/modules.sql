-- Generated from src/db/schema by `npm run machines`.

-- The module of an audit entry: the area that owns the table which was changed.
create or replace function khidma.audit_module(p_target_type text) returns text language sql immutable parallel safe as $$
  select case
    when p_target_type in ('permissions', 'role_permissions', 'roles', 'user_roles') then 'access'
    when p_target_type in ('adjustments') then 'adjustments'
    when p_target_type in ('api_keys') then 'api-keys'
    when p_target_type in ('audit_days', 'audit_log') then 'audit'
    when p_target_type in ('booking_changes', 'booking_events', 'bookings') then 'bookings'
    when p_target_type in ('service_addons', 'task_categories') then 'catalog'
    when p_target_type in ('conversation_entries', 'conversation_participants', 'conversations', 'messages') then 'chat'
    when p_target_type in ('config_entries') then 'configuration'
    when p_target_type in ('disputes') then 'disputes'
    when p_target_type in ('outbox', 'outbox_recipients') then 'events'
    when p_target_type in ('gateway_events', 'payment_gateway_configs') then 'gateways'
    when p_target_type in ('email_codes', 'mfa_backup_codes', 'mfa_challenges', 'mfa_factors', 'otp_breakers', 'otp_prefix_counts', 'security_notifications', 'sign_in_attempts', 'user_credentials', 'otp_requests', 'otp_sends', 'refresh_tokens', 'sessions', 'user_devices', 'users') then 'identity'
    when p_target_type in ('ledger_accounts', 'ledger_balances', 'ledger_checks', 'ledger_entries', 'ledger_holds', 'ledger_lines', 'ledger_posting_lines') then 'ledger'
    when p_target_type in ('match_index', 'offers', 'task_candidates') then 'matching'
    when p_target_type in ('media_files') then 'media'
    when p_target_type in ('payment_methods') then 'methods'
    when p_target_type in ('notification_deliveries', 'notification_preferences', 'notifications') then 'notifications'
    when p_target_type in ('departments', 'designations', 'employees') then 'organisation'
    when p_target_type in ('payment_intents', 'payment_transactions', 'refunds') then 'payments'
    when p_target_type in ('debt_nettings', 'payout_accounts', 'payout_attempts', 'payout_batches', 'payout_runs', 'payouts') then 'payouts'
    when p_target_type in ('pricing_bands') then 'pricing'
    when p_target_type in ('consent_documents', 'consents', 'erasure_requests', 'export_requests', 'legal_holds', 'removals', 'retention_runs') then 'privacy'
    when p_target_type in ('addresses', 'candidate_profiles', 'client_profiles', 'company_profiles', 'favourite_taskers', 'languages', 'user_languages', 'user_profiles', 'user_settings') then 'profiles'
    when p_target_type in ('reports') then 'reports'
    when p_target_type in ('reviews') then 'reviews'
    when p_target_type in ('dead_letters', 'idempotency_keys', 'state_transitions') then 'system'
    when p_target_type in ('tasker_availability_blocks', 'tasker_categories', 'tasker_profiles', 'tasker_service_areas', 'tasker_skills') then 'taskers'
    when p_target_type in ('task_state_events', 'tasks') then 'tasks'
    when p_target_type in ('user_verifications') then 'verification'
    when p_target_type in ('debt_notices') then 'wallet'
    when p_target_type in ('webhook_deliveries', 'webhook_subscriptions') then 'webhooks'
    else 'system'
  end
$$;
