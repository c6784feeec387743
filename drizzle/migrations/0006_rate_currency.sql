-- The currency that a tasker is paid in, where they name a rate: a task in another is not offered to them.
alter table "match_index" add column "rate_currency" text;--> statement-breakpoint
update match_index m set rate_currency = p.hourly_rate_currency
  from tasker_profiles p where p.user_id = m.tasker_id and p.hourly_rate_amount is not null;
