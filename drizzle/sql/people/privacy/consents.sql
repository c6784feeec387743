-- Stamps when a consent was given, and allows one change of it: the withdrawal, at the database's time.
create or replace function khidma.guard_consent() returns trigger language plpgsql as $$
declare
  allowed consents;
begin
  if tg_op = 'INSERT' then
    new.granted_at := now();
    new.withdrawn_at := null;
    return new;
  elsif tg_op = 'UPDATE' then
    allowed := old;
    allowed.withdrawn_at := new.withdrawn_at;
    if old.withdrawn_at is null and new.withdrawn_at = now() and new is not distinct from allowed then
      return new;
    end if;
  end if;
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
