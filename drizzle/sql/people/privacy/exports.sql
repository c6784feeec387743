-- A value as an export tells it: times as the API writes them.
create or replace function khidma.told(value timestamptz) returns json language sql stable as $$
  select to_json(to_char(value at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
$$;

create or replace function khidma.told(value tstzrange) returns json language sql stable as $$
  select case when value is not null then json_build_object('from', khidma.told(lower(value)), 'until', khidma.told(upper(value))) end
$$;

create or replace function khidma.told(value anyelement) returns json language sql stable as $$ select to_json(value) $$;
