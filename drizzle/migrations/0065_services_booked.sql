-- The service of a role profile that a task books, and its terms as they were agreed: later edits of the service change no task.
alter table tasks
  add column service_id uuid constraint tasks_service_id_services_id_fk references services (id) on delete set null,
  add column service_terms jsonb,
  add constraint tasks_service check (service_id is null or service_terms is not null);
--> statement-breakpoint
create index idx_tasks_service on tasks (service_id) where service_id is not null;
