drop index idx_audit_log_time;
--> statement-breakpoint
drop index idx_audit_log_correlation;
--> statement-breakpoint
create index idx_audit_log_correlation on audit_log (correlation_id) where correlation_id is distinct from request_id;
--> statement-breakpoint
drop index audit_log_chain_key;
--> statement-breakpoint
create unique index audit_log_chain_key on audit_log (day, chain_position) where chain_position is not null;
--> statement-breakpoint
drop index idx_outbox_object;
--> statement-breakpoint
drop index idx_tasks_client_state;
--> statement-breakpoint
drop index idx_tasks_city_state;
--> statement-breakpoint
drop index idx_tasks_starts_at;
--> statement-breakpoint
drop index idx_bookings_tasker_status;
--> statement-breakpoint
drop index idx_bookings_task_status;
