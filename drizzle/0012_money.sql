-- Two roll-ups at once would both add the same tail: one works, the other leaves. The lock comes before the horizon and
-- the statement's snapshot, so that who takes it sees what its predecessor has committed.
create or replace function khidma.roll_up_balances() returns int language plpgsql security definer set search_path = public, khidma as $$
declare
  horizon xid8;
  rolled int;
begin
  if not pg_try_advisory_xact_lock(hashtextextended('khidma.roll_up_balances', 7)) then
    return 0;
  end if;
  horizon := pg_snapshot_xmin(pg_current_snapshot());
  perform set_config('khidma.rollup', 'on', true);
  with tail as (
    select b.account_id, coalesce(sum(l.amount), 0) as amount, count(l.id) as lines
      from ledger_balances b left join ledger_lines l
        on l.account_id = b.account_id and l.xid >= b.rolled_up_xid and l.xid < horizon
      where not b.guarded and b.rolled_up_xid < horizon
      group by b.account_id
  )
  update ledger_balances b set balance = b.balance + tail.amount, lines = b.lines + tail.lines,
      rolled_up_xid = horizon, updated_at = now()
    from tail where tail.account_id = b.account_id and tail.lines > 0;
  get diagnostics rolled = row_count;
  perform set_config('khidma.rollup', '', true);
  return rolled;
end $$;
--> statement-breakpoint
-- `for update` asks for the right to update at least one column: this one tells nothing.
revoke update on ledger_balances from khidma_app;
--> statement-breakpoint
grant update (updated_at) on ledger_balances to khidma_app;
--> statement-breakpoint
create trigger no_truncate before truncate on ledger_balances for each statement execute function khidma.refuse_rewrite();
--> statement-breakpoint
-- `least` passes over null: without an agreed rate the fare would be the whole estimate.
create or replace function khidma.fare_of(p_booking uuid) returns bigint language sql stable as $$
  select case
    when b.agreed_rate_amount is null then null
    when t.pricing_model = 'fixed' then b.agreed_rate_amount
    else least(
      (b.agreed_rate_amount * greatest(b.agreed_minimum_minutes,
         ceil(extract(epoch from b.completed_at - b.started_at) / 60)::int) + 30) / 60,
      coalesce(t.est_max_amount, 9223372036854775807)) end
  from bookings b join tasks t on t.id = b.task_id where b.id = p_booking
$$;
