-- Invoices and credit notes, with gapless numbers.
create type invoice_status as enum ('issued', 'paid', 'void');
--> statement-breakpoint
create table invoice_checks (
  id uuid primary key not null,
  checked integer not null,
  differences integer not null,
  details jsonb not null,
  created_at timestamptz default now() not null,
  constraint invoice_checks_counts check (checked >= 0 and differences >= 0)
);
--> statement-breakpoint
create table invoice_lines (
  invoice_id uuid not null,
  line integer not null,
  kind text not null,
  description text not null,
  quantity integer not null,
  unit_price bigint not null,
  discount bigint default 0 not null,
  tax bigint default 0 not null,
  total bigint not null,
  constraint invoice_lines_pkey primary key(invoice_id,line),
  constraint invoice_lines_kind check (kind in ('package', 'service', 'fee', 'commission', 'plan')),
  constraint invoice_lines_amounts check (quantity >= 1 and unit_price >= 0 and discount >= 0 and tax >= 0),
  constraint invoice_lines_total check (total - quantity * unit_price + discount between 0 and tax and total >= tax)
);
--> statement-breakpoint
create table invoice_progress (
  is_only boolean primary key default true not null,
  started_at timestamptz default now() not null,
  invoiced_until timestamptz default now() not null,
  constraint invoice_progress_one check (is_only)
);
--> statement-breakpoint
create table invoice_sellers (
  id uuid primary key not null,
  country text not null,
  name text not null,
  tax_id text,
  address text,
  timezone text not null,
  fiscal_year_starts_in smallint default 1 not null,
  created_at timestamptz default now() not null,
  updated_at timestamptz default now() not null,
  version integer default 1 not null,
  constraint invoice_sellers_country_key unique(country),
  constraint invoice_sellers_country check (country ~ '^[A-Z]{2}$'),
  constraint invoice_sellers_timezone check (khidma.is_timezone(timezone)),
  constraint invoice_sellers_fiscal_year check (fiscal_year_starts_in between 1 and 12)
);
--> statement-breakpoint
create table invoice_series (
  seller_id uuid not null,
  code text not null,
  fiscal_year integer not null,
  next_number bigint default 1 not null,
  constraint invoice_series_pkey primary key(seller_id,code,fiscal_year),
  constraint invoice_series_code check (code in ('S', 'F', 'SC', 'FC')),
  constraint invoice_series_next check (next_number >= 1)
);
--> statement-breakpoint
create table invoice_tax_lines (
  invoice_id uuid not null,
  position integer not null,
  name text not null,
  component text not null,
  rate_basis_points integer not null,
  base bigint not null,
  amount bigint not null,
  is_included boolean not null,
  constraint invoice_tax_lines_pkey primary key(invoice_id,position),
  constraint invoice_tax_lines_amounts check (rate_basis_points between 0 and 10000 and base >= 0 and amount >= 0)
);
--> statement-breakpoint
create table invoices (
  id uuid primary key not null,
  kind text not null,
  seller_id uuid not null,
  series text not null,
  fiscal_year integer not null,
  number bigint,
  label text,
  document_type text not null,
  document_id uuid not null,
  booking_id uuid,
  credited_invoice_id uuid,
  buyer_id uuid not null,
  supplier_id uuid,
  seller jsonb not null,
  buyer jsonb not null,
  supplier jsonb,
  language text not null,
  currency text not null,
  subtotal bigint not null,
  discount bigint not null,
  tax bigint not null,
  total bigint not null,
  credited_amount bigint default 0 not null,
  status invoice_status default 'issued' not null,
  reason text,
  issued_at timestamptz default now() not null,
  due_at timestamptz,
  paid_at timestamptz,
  voided_at timestamptz,
  next_reminder_at timestamptz,
  digest text,
  created_at timestamptz default now() not null,
  updated_at timestamptz default now() not null,
  version integer default 1 not null,
  constraint invoices_label_key unique(label),
  constraint invoices_number_key unique(seller_id,series,fiscal_year,number),
  constraint invoices_kind check (kind in ('invoice', 'credit_note')),
  constraint invoices_credit_note check ((kind = 'credit_note') = (credited_invoice_id is not null) and (kind = 'invoice' or status = 'issued' and credited_amount = 0)),
  constraint invoices_series check (series = case when supplier_id is null then 'S' else 'F' end || case kind when 'credit_note' then 'C' else '' end),
  constraint invoices_supplier check ((supplier_id is null) = (supplier is null)),
  constraint invoices_language check (language in ('en', 'ar', 'ru', 'ky', 'hi')),
  constraint invoices_amounts check (subtotal >= 0 and discount between 0 and subtotal and tax >= 0 and total >= 0),
  constraint invoices_credited check (credited_amount between 0 and total),
  constraint invoices_paid check ((status = 'paid') = (paid_at is not null)),
  constraint invoices_void check ((status = 'void') = (voided_at is not null)),
  constraint invoices_named_whole check (num_nulls(number, label, digest) in (0, 3)),
  constraint invoices_reminders check (next_reminder_at is null or status = 'issued' and due_at is not null)
);
--> statement-breakpoint
create table tax_details (
  user_id uuid primary key not null,
  legal_name text not null,
  tax_id text,
  address text,
  country text,
  created_at timestamptz default now() not null,
  updated_at timestamptz default now() not null,
  version integer default 1 not null,
  constraint tax_details_country check (country ~ '^[A-Z]{2}$')
);
--> statement-breakpoint
alter table invoice_lines add constraint invoice_lines_invoice_id_invoices_id_fk foreign key (invoice_id) references invoices(id) on delete restrict;
--> statement-breakpoint
alter table invoice_series add constraint invoice_series_seller_id_invoice_sellers_id_fk foreign key (seller_id) references invoice_sellers(id) on delete restrict;
--> statement-breakpoint
alter table invoice_tax_lines add constraint invoice_tax_lines_invoice_id_invoices_id_fk foreign key (invoice_id) references invoices(id) on delete restrict;
--> statement-breakpoint
alter table invoices add constraint invoices_seller_id_invoice_sellers_id_fk foreign key (seller_id) references invoice_sellers(id) on delete restrict;
--> statement-breakpoint
alter table invoices add constraint invoices_booking_id_bookings_id_fk foreign key (booking_id) references bookings(id) on delete restrict;
--> statement-breakpoint
alter table invoices add constraint invoices_buyer_id_users_id_fk foreign key (buyer_id) references users(id) on delete restrict;
--> statement-breakpoint
alter table invoices add constraint invoices_supplier_id_users_id_fk foreign key (supplier_id) references users(id) on delete restrict;
--> statement-breakpoint
alter table invoices add constraint invoices_credited_invoice_id_invoices_id_fk foreign key (credited_invoice_id) references invoices(id) on delete restrict;
--> statement-breakpoint
alter table tax_details add constraint tax_details_user_id_users_id_fk foreign key (user_id) references users(id) on delete cascade;
--> statement-breakpoint
create unique index invoices_one_of_document on invoices (document_id,document_type,buyer_id) where kind = 'invoice' and status <> 'void';
--> statement-breakpoint
create unique index invoices_one_credit_of_entry on invoices (document_id,credited_invoice_id) where kind = 'credit_note' and document_type = 'ledger_entry';
--> statement-breakpoint
create index idx_invoices_unnumbered on invoices (id) where number is null;
--> statement-breakpoint
create index idx_invoices_buyer on invoices (buyer_id,id);
--> statement-breakpoint
create index idx_invoices_supplier on invoices (supplier_id,id) where supplier_id is not null;
--> statement-breakpoint
create index idx_invoices_booking on invoices (booking_id) where booking_id is not null;
--> statement-breakpoint
create index idx_invoices_credited on invoices (credited_invoice_id) where credited_invoice_id is not null;
--> statement-breakpoint
create index idx_invoices_unpaid on invoices (buyer_id,currency) where status = 'issued' and kind = 'invoice';
--> statement-breakpoint
create index idx_invoices_reminders on invoices (next_reminder_at) where next_reminder_at is not null;
--> statement-breakpoint
create index idx_invoices_updated on invoices (date_trunc('milliseconds', updated_at at time zone 'UTC'), id);
--> statement-breakpoint
-- One seller for each country that is served; its name and tax id are the operator's to fill in.
insert into invoice_sellers (id, country, name, timezone, fiscal_year_starts_in)
select khidma.uuid_v7(), s.country, 'Khidma', s.timezone, s.month
  from (values ('EG', 'Africa/Cairo', 1), ('GH', 'Africa/Accra', 1), ('IN', 'Asia/Kolkata', 4), ('KG', 'Asia/Bishkek', 1), ('NG', 'Africa/Lagos', 1))
       s (country, timezone, month);
--> statement-breakpoint
insert into invoice_progress default values;
--> statement-breakpoint
revoke update, delete on invoice_lines, invoice_tax_lines, invoice_checks from khidma_app;
--> statement-breakpoint
revoke delete on invoices, invoice_series, invoice_sellers, invoice_progress from khidma_app;
