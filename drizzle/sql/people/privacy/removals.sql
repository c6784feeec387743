-- Queues what is to be removed outside of this transaction; a key that is queued already stays as it is.
create or replace function khidma.note_removals(p_kind text, p_keys text[]) returns void language plpgsql as $$
begin
  insert into removals (id, kind, key) select khidma.uuid_v7(), p_kind, k.key from unnest(p_keys) k (key) on conflict do nothing;
end $$;

-- Takes due removals for one run and sets the time of the next attempt, later with each one, in case this run fails.
create or replace function khidma.take_removals(p_kind text, p_limit int) returns table (id uuid, key text) language sql as $$
  update removals r set attempts = r.attempts + 1, next_at = now() + least(interval '1 minute' * 2 ^ least(r.attempts, 10), interval '1 hour')
    where r.id = any (array(select d.id from removals d where d.kind = p_kind and d.next_at <= now()
                             order by d.next_at limit p_limit for update skip locked))
    returning r.id, r.key
$$;
