-- Accounts that are not used for long.
alter type user_status add value 'inactive' after 'active';
--> statement-breakpoint
-- A closed account is deleted softly: until `restorable_until` it can be restored, after that it is erased.
alter table users
  add column deleted_at timestamptz,
  add column restorable_until timestamptz,
  add column restored_at timestamptz;
--> statement-breakpoint
create index idx_users_restorable on users (restorable_until) where restorable_until is not null;
