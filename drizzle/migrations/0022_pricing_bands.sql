-- Price bands have a time in which they are valid, in place of a switch. What was switched off ended with its last change.
alter table pricing_bands
  add column valid_during tstzrange;
--> statement-breakpoint
update pricing_bands
   set valid_during = case when active then tstzrange(created_at, null) else tstzrange(created_at, greatest(created_at, updated_at)) end;
--> statement-breakpoint
drop index pricing_bands_active_key;
--> statement-breakpoint
alter table pricing_bands
  drop constraint pricing_bands_one_currency,
  drop column active,
  alter column valid_during set not null,
  alter column valid_during set default tstzrange(now(), null),
  add constraint pricing_bands_begins check (not lower_inf(valid_during)),
  add constraint pricing_bands_one_at_a_time exclude using gist (category_id with =, coalesce(lower(city), '') with =, valid_during with &&),
  add constraint pricing_bands_one_currency exclude using gist (lower(city) with =, currency with <>, valid_during with &&);
