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

-- Deletes requests for exports after their period, once their file is gone, at most `p_limit`. Those of users under legal hold stay.
create or replace function khidma.purge_exports(p_limit int) returns json language plpgsql as $$
declare
  exports int;
begin
  delete from export_requests where ctid = any (array(
    select e.ctid from export_requests e where e.status in ('expired', 'failed') and e.created_at < now() - khidma.retention_period('export_requests')
       and not exists (select from users u where u.id = e.user_id and u.legal_hold)
     order by e.created_at limit p_limit for update skip locked));
  get diagnostics exports = row_count;
  return json_build_object('exports', exports);
end $$;
