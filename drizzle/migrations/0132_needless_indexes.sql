-- Indexes on append-only tables that no query asks for: what they refer to is never deleted.
drop index idx_consents_document;
--> statement-breakpoint
drop index idx_verification_logs_acted_by;
--> statement-breakpoint
drop index idx_document_links_reviewer;
--> statement-breakpoint
drop index idx_document_openings_reviewer;
