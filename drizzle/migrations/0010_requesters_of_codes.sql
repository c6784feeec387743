-- Codes are bound to whom they were sent for, and guesses at them are counted beyond the code.
alter table otp_requests
  add column requester text not null default '',
  add column guesses jsonb not null default '[]';
--> statement-breakpoint
drop function if exists khidma.request_otp(uuid, text, text, text, jsonb, jsonb, text[], jsonb, text, uuid);
--> statement-breakpoint
drop function if exists khidma.check_otp(otp_requests, text, int);
--> statement-breakpoint
drop function if exists khidma.verify_otp(text, text, int, uuid, jsonb, jsonb);
--> statement-breakpoint
drop function if exists khidma.request_phone_change(uuid, uuid, jsonb, int, uuid, text, text, text, jsonb, jsonb, text[], jsonb);
--> statement-breakpoint
drop function if exists khidma.confirm_phone(uuid, uuid, uuid, text, int);
