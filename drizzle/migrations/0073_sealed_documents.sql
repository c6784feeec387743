-- Files of verification requests are sealed, each with a key of its own; staff open them by links that work once.
create table sealed_files (
  id uuid primary key constraint sealed_files_id_media_files_id_fk references media_files (id) on delete cascade,
  data_key text not null,
  plain_key text not null,
  plain_gone_at timestamptz,
  created_at timestamptz not null default now(),
  constraint sealed_files_data_key check (data_key ~ '^[^.]+\.[^.]+\.[^.]+$')
);
--> statement-breakpoint
create index idx_sealed_files_key on sealed_files (split_part(data_key, '.', 1), id);
--> statement-breakpoint
create index idx_sealed_files_plain on sealed_files (created_at) where plain_gone_at is null;
--> statement-breakpoint
create index idx_verification_documents_kept on verification_documents (request_id) where media_id is not null;
--> statement-breakpoint
create table document_links (
  id uuid primary key,
  document_id uuid not null constraint document_links_document_id_verification_documents_id_fk references verification_documents (id) on delete cascade,
  reviewer_id uuid not null constraint document_links_reviewer_id_users_id_fk references users (id) on delete restrict,
  session_id uuid not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now()
);
--> statement-breakpoint
create index idx_document_links_document on document_links (document_id, id);
--> statement-breakpoint
create index idx_document_links_reviewer on document_links (reviewer_id, id);
--> statement-breakpoint
create table document_openings (
  id uuid primary key,
  link_id uuid not null constraint document_openings_link_id_document_links_id_fk references document_links (id) on delete cascade,
  document_id uuid not null constraint document_openings_document_id_verification_documents_id_fk references verification_documents (id) on delete cascade,
  reviewer_id uuid not null constraint document_openings_reviewer_id_users_id_fk references users (id) on delete restrict,
  address_hash text,
  created_at timestamptz not null default now(),
  constraint document_openings_link unique (link_id),
  constraint document_openings_address_hash check (address_hash ~ '^[0-9a-f]{64}$')
);
--> statement-breakpoint
create index idx_document_openings_document on document_openings (document_id, id);
--> statement-breakpoint
create index idx_document_openings_reviewer on document_openings (reviewer_id, id);
