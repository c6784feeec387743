-- Returns a time as the export column holds it: as the API writes times.
create or replace function khidma.export_value(value timestamptz) returns json language sql stable as $$
  select to_json(to_char(value at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
$$;

-- Returns a time range as the export column holds it: an object of two times; null for null.
create or replace function khidma.export_value(value tstzrange) returns json language sql stable as $$
  select case when value is not null then json_build_object('from', khidma.export_value(lower(value)), 'until', khidma.export_value(upper(value))) end
$$;

-- Returns any other value as the export column holds it: unchanged, as JSON.
create or replace function khidma.export_value(value anyelement) returns json language sql stable as $$ select to_json(value) $$;
