-- tasks.search, through khidma.newest_matches: beside the words the span of three days in which a task was created.
drop index idx_tasks_search;
--> statement-breakpoint
create index idx_tasks_search on tasks using gin (search_vector, (array[left(id::text, 5)]));
--> statement-breakpoint
-- The dispatch board: tasks of a city around a day, by their ids alone, and the open ones among them.
drop index idx_tasks_city;
--> statement-breakpoint
create index idx_tasks_city on tasks (city, starts_at, id);
--> statement-breakpoint
create index idx_tasks_city_open on tasks (city, starts_at) where state in ('posted', 'matching');
--> statement-breakpoint
-- The dispatch board: visits of many taskers on a day.
create index idx_visits_during on visits using gist (tasker_id, during);
