-- One home for what a person or company is to the tax office: a profile of prices and details of invoices held the number twice. Where both have one,
-- that of the invoices is kept, or, of an exemption that staff have found, the one it was found for.
alter table tax_details
  alter column legal_name drop not null,
  add column status text not null default 'ordinary',
  add column region text;
--> statement-breakpoint
insert into tax_details as d (user_id, status, tax_id, region, created_at)
select p.user_id, p.status, p.tax_number, p.region, p.created_at from tax_profiles p
on conflict (user_id) do update
  set status = excluded.status, region = excluded.region,
      tax_id = case when excluded.status = 'exempt' then coalesce(excluded.tax_id, d.tax_id) else coalesce(d.tax_id, excluded.tax_id) end;
--> statement-breakpoint
update tax_details set status = case when tax_id is null then 'ordinary' else 'registered' end where status <> 'exempt';
--> statement-breakpoint
alter table tax_details
  add constraint tax_details_status check (status in ('ordinary', 'registered', 'exempt')),
  add constraint tax_details_registered check (status <> 'registered' or tax_id is not null);
--> statement-breakpoint
drop table tax_profiles;
--> statement-breakpoint
drop function if exists khidma.audit_tax_profiles();
