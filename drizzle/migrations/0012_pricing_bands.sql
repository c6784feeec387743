-- Pricing bands get a writer. A band that no estimate can reach goes; of two active ones of a category in a city the estimate
-- used the newer, so the older is retired, and so is one in another currency than the newest of its city.
delete from pricing_bands where category_id is null;
--> statement-breakpoint
update pricing_bands b set active = false
 where b.active and exists (
   select from pricing_bands newer
    where newer.active and newer.id > b.id
      and ((newer.category_id = b.category_id and lower(newer.city) is not distinct from lower(b.city))
        or (lower(newer.city) = lower(b.city) and newer.currency <> b.currency)));
--> statement-breakpoint
alter table pricing_bands alter column category_id set not null;
--> statement-breakpoint
alter table pricing_bands add column version integer default 1 not null;
--> statement-breakpoint
alter table pricing_bands add constraint pricing_bands_limit check (max_amount <= 100000000);
--> statement-breakpoint
alter table pricing_bands add constraint pricing_bands_city check (city = btrim(city) and city <> '');
--> statement-breakpoint
-- At most one active band for a category in a city; its lookups use the same index.
drop index idx_pricing_bands_lookup;
--> statement-breakpoint
create unique index pricing_bands_active_key on pricing_bands using btree (category_id, coalesce(lower(city), '')) where active;
--> statement-breakpoint
-- The prices of a city are in one currency. Drizzle cannot declare an exclusion.
alter table pricing_bands add constraint pricing_bands_one_currency exclude using gist (lower(city) with =, currency with <>)
  where (active);
