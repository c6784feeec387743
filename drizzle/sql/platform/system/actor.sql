-- Settings of a transaction, which its statements read without a parameter. A setting that is not in this list does not exist
-- (`test/node/schema.test.ts`). Only the first seven outlive the function or the statement that needs them. None can be an argument:
-- triggers, or a later statement of the transaction, read them.
--
-- setting             set by                                            read by
-- role, user_id       begin_request; a sign-in, once it knows who it is actor_role, actor_id
-- request_id          begin_request                                     request_id
-- call                begin_request                                     call_fact, stamp_audit
-- ip, user_agent      begin_request                                     audit, record_read, open_session, move_session, codes
-- reason              begin_request (empty), give_reason                write_audit, record_*_transition, stamp_suspension, stamp_review
-- idempotency_scope, idempotency_key, request_hash
--                     begin_request                                     finish_request
-- id_tick             uuid_v7                                           uuid_v7: ids of one transaction ascend
-- following_grants    set_roles                                         guard_staff: a role that follows grants is nobody's own
-- failed_rows         note_failed_row                                   failed_rows: what a job reports of rows that it undid
-- rollup              roll_up_balances                                  refuse_balance_write
-- taken               exports.ts, webhooks/deliveries.ts                the statements after it: what the first one has taken
-- results             payouts/batches.ts                                the statement after it: what became of each row
-- batch               chat/archive.ts                                   the statements after it: one parameter for all

-- Returns the user in whose name the transaction runs; null for none.
create or replace function khidma.actor_id() returns uuid language sql stable as $$
  select nullif(current_setting('khidma.user_id', true), '')::uuid
$$;

-- Returns the role in which the transaction runs; null outside of a request.
create or replace function khidma.actor_role() returns text language sql stable as $$
  select nullif(current_setting('khidma.role', true), '')
$$;

-- Returns the id of the request that the transaction serves; null for none.
create or replace function khidma.request_id() returns text language sql stable as $$
  select nullif(current_setting('khidma.request_id', true), '')
$$;

-- Returns a fact of the call that runs: keyId, country, city … (`CallFacts` of src/db/unit.ts).
create or replace function khidma.call_fact(p_name text) returns text language sql stable as $$
  select nullif(current_setting('khidma.call', true), '')::jsonb ->> p_name
$$;

-- Returns whether no user acts: migrations, jobs and the demo data's staff without a user id. Permissions are not checked for
-- them.
create or replace function khidma.acts_alone() returns boolean language sql stable as $$
  select coalesce(khidma.actor_role(), 'database') in ('database', 'system')
      or (khidma.actor_role() in ('ops', 'admin') and khidma.actor_id() is null)
$$;

-- Sets the reason that is stored with the history rows that the rest of the transaction writes.
create or replace function khidma.give_reason(p_reason text) returns void language plpgsql as $$
begin
  perform set_config('khidma.reason', coalesce(p_reason, ''), true);
end $$;
