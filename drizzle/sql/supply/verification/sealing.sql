-- Makes an uploaded file a sealed one: its bytes are under `p_key`, sealed with the data key in `p_data_key`. Of two who seal the same file
-- at once the second is refused, as is a file that something else shows, or of a type that no browser of a reviewer shows.
create or replace function khidma.seal_file(p_media uuid, p_key text, p_data_key text) returns void language plpgsql as $$
declare
  m media_files;
begin
  select * into m from media_files where id = p_media for no key update;
  if m.uploaded_at is null or m.storage_key like 'sealed/%' or khidma.is_media_shown(m)
     or m.mime_type not in ('image/jpeg', 'image/png', 'image/webp', 'application/pdf') then
    perform khidma.refuse(422, 'media_refused');
  end if;
  perform khidma.note_sealed(p_media, p_key, p_data_key);
end $$;

-- Keeps the data key of a file and points the file at its sealed bytes, unless it is sealed already.
create or replace function khidma.note_sealed(p_media uuid, p_key text, p_data_key text) returns void language plpgsql as $$
begin
  insert into sealed_files (id, data_key, plain_key)
  select m.id, p_data_key, m.storage_key from media_files m
   where m.id = p_media and m.uploaded_at is not null and m.storage_key not like 'sealed/%' for no key update
  on conflict do nothing;
  if found then
    perform khidma.move_file(p_media, p_key);
  end if;
end $$;

-- Refuses a document whose file is not sealed.
create or replace function khidma.guard_document() returns trigger language plpgsql as $$
begin
  if not exists (select from media_files m where m.id = new.media_id and m.storage_key like 'sealed/%') then
    perform khidma.refuse(422, 'media_refused');
  end if;
  return new;
end $$;

-- Destroys the files of requests that ended `verification.papers_days` ago: the data key at once, with its row, and the bytes by `removals`.
-- The document stays with its name and what was decided on it. At most `p_limit`; files of users under legal hold stay.
create or replace function khidma.destroy_papers(p_limit int) returns json language plpgsql as $$
begin
  perform khidma.heed_holds();
  return json_build_object('destroyed', khidma.delete_files(array(
    select d.media_id from verification_documents d
      join verification_requests r on r.id = d.request_id
      join users u on u.id = r.user_id and not u.legal_hold
     where d.media_id is not null and r.status in ('approved', 'rejected', 'lapsed', 'withdrawn')
       and r.reviewed_at <= now() - make_interval(days => khidma.verification_setting('papers_days', r.user_id)::int)
     order by r.reviewed_at limit p_limit for update of d skip locked)));
end $$;
