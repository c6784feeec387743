-- tasks.search, through khidma.newest_matches: beside the words and the span of three days the city, state and categories by which it is filtered.
drop index idx_tasks_search;
--> statement-breakpoint
create index idx_tasks_search on tasks
  using gin (search_vector, (array[left(id::text, 5), 'city:' || lower(city), 'state:' || hashenum(state)::text, 'category:' || category, 'category:' || subcategory]));
--> statement-breakpoint
-- khidma.hours_of_taskers: times on call, without all other items that a tasker ever had.
create index idx_calendar_items_oncall on calendar_items (tasker_id, lower(during)) where kind = 'oncall' and state = 'live';
