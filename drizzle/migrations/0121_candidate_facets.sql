-- jobCandidates.search: what candidates are filtered by, beside the words of their listing.
alter table candidate_listings add column facets text[], add column experience_years integer;
--> statement-breakpoint
update candidate_listings l
   set facets = array_remove(array(select distinct 'skill:' || lower(s) from unnest(c.skills) s) || ('city:' || lower(c.city)), null),
       experience_years = c.experience_years
  from candidate_profiles c where c.user_id = l.user_id;
--> statement-breakpoint
alter table candidate_listings alter column facets set not null;
--> statement-breakpoint
drop index idx_candidate_listings_search;
--> statement-breakpoint
create index idx_candidate_listings_search on candidate_listings using gin (search_vector, facets);
--> statement-breakpoint
create index idx_candidate_listings_experience on candidate_listings (experience_years, id);
