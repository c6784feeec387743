-- directory.search near a place: what entries are filtered by most, so that those which do not match are not read.
alter table directory_places
  add column price_amount bigint,
  add column price_currency text,
  add column experience_years integer,
  add column rating_avg double precision;
--> statement-breakpoint
update directory_places p
   set price_amount = e.price_amount, price_currency = e.price_currency, experience_years = e.experience_years, rating_avg = e.rating_avg
  from directory_entries e where e.id = p.entry_id;
--> statement-breakpoint
alter table directory_places alter column rating_avg set not null;
