-- Queues what is to be removed outside of this transaction; a key that is queued already stays as it is.
create or replace function khidma.note_removals(p_kind text, p_keys text[]) returns void language sql as $$
  insert into removals (id, kind, key) select khidma.uuid_v7(), p_kind, k.key from unnest(p_keys) k (key) on conflict do nothing
$$;

-- Takes due removals for one run and sets the time of the next attempt, later with each one, in case this run fails.
create or replace function khidma.take_removals(p_kind text, p_limit int) returns table (id uuid, key text) language sql as $$
  update removals r set attempts = r.attempts + 1, next_at = now() + least(interval '1 minute' * 2 ^ least(r.attempts, 10), interval '1 hour')
    where r.id = any (array(select d.id from removals d where d.kind = p_kind and d.next_at <= now()
                             order by d.next_at limit p_limit for update skip locked))
    returning r.id, r.key
$$;

-- Deletes the messages and entries of a conversation that has ended, at most `p_limit` of each; returns how many rows, 0 when
-- done. Files that no row shows any more expire at once instead of after a week.
create or replace function khidma.remove_words(p_conversation_id uuid, p_limit int) returns int language plpgsql as $$
declare
  files uuid[];
  said int;
  entries int;
begin
  -- The lock waits for a batch that is being archived.
  perform from conversations c where c.id = p_conversation_id and c.ended_at is not null for update;
  if not found then
    return 0;
  end if;
  with gone as (
    delete from messages where ctid = any (array(
      select m.ctid from messages m where m.conversation_id = p_conversation_id order by m.seq limit p_limit)) returning media_id)
  select count(*), coalesce(array_agg(g.media_id) filter (where g.media_id is not null), '{}') into said, files from gone g;
  update media_files set expires_at = now() where id = any (files) and expires_at > now();
  delete from conversation_entries where ctid = any (array(
    select e.ctid from conversation_entries e where e.conversation_id = p_conversation_id order by e.seq limit p_limit));
  get diagnostics entries = row_count;
  return said + entries;
end $$;
