-- The billed minimum of a booking follows its agreed time both ways, up to the policy's minimum, which is kept for it. The books note
-- what an approved correction explains. The default language is the one in which the catalog is shown where it lacks the reader's: so
-- far that was English.
alter table bookings add column policy_minimum_minutes integer not null default 60;
--> statement-breakpoint
update bookings set policy_minimum_minutes = greatest(policy_minimum_minutes, agreed_minimum_minutes);
--> statement-breakpoint
alter table bookings
  drop constraint bookings_minimum,
  add constraint bookings_minimum check (agreed_minimum_minutes between 1 and 10080 and policy_minimum_minutes between 1 and 10080);
--> statement-breakpoint
alter table adjustments
  add column explained jsonb,
  add constraint adjustments_explained check (explained is null
    or (status = 'posted' and explains_document_id is not null and jsonb_typeof(explained) = 'object'));
--> statement-breakpoint
update languages set is_default = false where is_default;
--> statement-breakpoint
update languages set is_default = true where code = 'en';
--> statement-breakpoint
drop function if exists khidma.commission_of(bigint, int, bigint, bigint);
