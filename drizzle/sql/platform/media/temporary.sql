-- Returns whether any row shows a file. Users show files of their own, so that all rows but messages, photos of tasks and icons of
-- categories are found by the file's owner.
create or replace function khidma.is_media_shown(m media_files) returns boolean language plpgsql stable as $$
begin
  return (
    select exists (select from messages t where t.media_id = m.id)
        or exists (select from booking_proofs t where t.media_id = m.id)
        or exists (select from task_categories t where t.icon_media_id = m.id)
        or exists (select from task_photos t where t.media_id = m.id)
        or exists (select from user_profiles t where t.user_id = m.user_id and t.avatar_media_id = m.id)
        or exists (select from company_profiles t where t.user_id = m.user_id and t.logo_media_id = m.id)
        or exists (select from candidate_profiles t where t.user_id = m.user_id and t.resume_media_id = m.id)
        or exists (select from role_profile_versions t where t.avatar_media_id = m.id)
        or exists (select from portfolio_images t where t.media_id = m.id)
        or exists (select from verification_documents t where t.media_id = m.id)
        or exists (select from bid_portfolio t where t.media_id = m.id)
        or exists (select from payout_batches t where t.proof_media_id = m.id)
        or exists (select from adjustments t where t.document_media_id = m.id)
        or exists (select from milestone_deliverables t where t.media_id = m.id)
        or exists (select from review_photos t where t.media_id = m.id)
        or exists (select from dispute_evidence t where t.media_id = m.id)
        or exists (select from report_evidence t where t.media_id = m.id));
end $$;

-- Sets when a new file expires unless a row shows it.
create or replace function khidma.begin_temporary() returns trigger language plpgsql as $$
begin
  new.expires_at := now() + khidma.retention_period('temporary_files');
  return new;
end $$;

-- Follows the rows that show files (after insert, update or delete; arguments: the columns that name files): a file that is shown
-- does not expire, one that is shown no more expires after its period. The lock on the files serialises showing and removing
-- them.
create or replace function khidma.follow_media() returns trigger language plpgsql as $$
declare
  shown uuid[] := '{}';
  hidden uuid[] := '{}';
  named text;
begin
  foreach named in array tg_argv loop
    if tg_op <> 'INSERT' then
      hidden := hidden || (to_jsonb(old) ->> named)::uuid;
    end if;
    if tg_op <> 'DELETE' then
      shown := shown || (to_jsonb(new) ->> named)::uuid;
    end if;
  end loop;
  perform from media_files m where m.id = any (shown || hidden) order by m.id for no key update;
  -- A message keeps its file reference; every other row is refused a file that was not uploaded or is being removed.
  if tg_table_name <> 'messages' and exists (select from media_files m where m.id = any (shown) and m.uploaded_at is null) then
    perform khidma.refuse(422, 'media_refused');
  end if;
  -- A sealed file is a document for reviewers, and nothing else ever shows it.
  if tg_table_name not in ('messages', 'verification_documents')
    and exists (select from media_files m where m.id = any (shown) and m.storage_key like 'sealed/%') then
    perform khidma.refuse(422, 'media_refused');
  end if;
  update media_files m set expires_at = null where m.id = any (shown) and m.expires_at is not null;
  if array_remove(hidden, null) <> '{}' then
    update media_files m set expires_at = now() + khidma.retention_period('temporary_files')
      where m.id = any (hidden) and m.expires_at is null and m.uploaded_at is not null and not khidma.is_media_shown(m);
  end if;
  return null;
end $$;

-- Marks expired files as never uploaded, unless a row shows them: no row can show them any more, and the job that removes such
-- files finds them. At most `p_limit`; returns how many. Files of users under legal hold stay.
create or replace function khidma.end_temporary_media(p_limit int) returns int language plpgsql as $$
declare
  ended int;
begin
  with due as (
    select f.id from media_files f
     where f.expires_at <= now() and not exists (select from users u where u.id = f.user_id and u.legal_hold)
     order by f.expires_at limit p_limit for no key update skip locked)
  update media_files m set expires_at = null, uploaded_at = case when khidma.is_media_shown(m) then m.uploaded_at end
    from due where m.id = due.id;
  get diagnostics ended = row_count;
  return ended;
end $$;

-- Deletes the rows of expired files, and of files that were announced as long ago and never uploaded; their bytes are removed by
-- `removals`. All files of users under legal hold stay.
create or replace function khidma.purge_media(p_limit int) returns json language plpgsql as $$
declare
  hidden int;
  keys text[];
begin
  perform khidma.heed_holds();
  hidden := khidma.end_temporary_media(p_limit);
  with gone as (
    delete from media_files where id = any (array(
      select m.id from media_files m where m.uploaded_at is null and m.created_at < now() - khidma.retention_period('temporary_files')
         and not exists (select from users u where u.id = m.user_id and u.legal_hold)
       order by m.created_at limit p_limit for update skip locked)) returning storage_key)
  select coalesce(array_agg(g.storage_key), '{}') into keys from gone g;
  perform khidma.note_removals('file', keys);
  return json_build_object('shownNowhere', hidden, 'removed', cardinality(keys));
end $$;

-- Lets files that no row shows any more expire at once.
create or replace function khidma.expire_media(p_ids uuid[]) returns void language plpgsql as $$
begin
  update media_files set expires_at = now() where id = any (p_ids) and expires_at > now();
end $$;

-- Points a file at other bytes, unless they are sealed already.
create or replace function khidma.move_file(p_id uuid, p_key text) returns void language plpgsql as $$
begin
  update media_files set storage_key = p_key, storage_url = 'r2://khidma-media/' || p_key where id = p_id and storage_key not like 'sealed/%';
end $$;

-- Deletes files at once; returns how many there were.
create or replace function khidma.delete_files(p_ids uuid[]) returns int language plpgsql as $$
declare
  deleted int;
begin
  delete from media_files where id = any (p_ids);
  get diagnostics deleted = row_count;
  return deleted;
end $$;

-- Queues the bytes of a sealed file for removal as its row goes, whatever deletes it: they lie under no prefix of their owner.
create or replace function khidma.remove_sealed() returns trigger language plpgsql as $$
begin
  perform khidma.note_removals('file', array[old.storage_key]);
  return null;
end $$;
