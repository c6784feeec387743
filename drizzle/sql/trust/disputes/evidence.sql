-- Adds evidence to an open dispute, of either side or of staff: a statement, a file of the caller's own, or messages of the booking's
-- conversation by the places in its log, which are copied with the SHA-256 of the copy and with their files. What the side that was disputed adds first is its response: the review begins.
create or replace function khidma.add_dispute_evidence(
  p_id uuid, p_dispute uuid, p_kind text, p_text text, p_media uuid, p_from bigint, p_to bigint
) returns void language plpgsql as $$
declare
  d disputes := khidma.take_dispute(p_dispute, array['client', 'tasker', 'ops']);
  party text := khidma.party_in_dispute(d);
  most int := khidma.dispute_policy('disputes.limits', 'evidencePerSide', d.booking_id);
  copied jsonb;
begin
  if (select count(*) from dispute_evidence e where e.dispute_id = d.id and e.side = party and e.cited_in is null) >= most then
    perform khidma.refuse(409, 'too_much_evidence', jsonb_build_object('maximum', most));
  elsif p_kind = 'file' and not exists (select from media_files m where m.id = p_media and m.user_id = khidma.actor_id()
                                           and m.kind in ('image', 'document') and m.uploaded_at is not null) then
    perform khidma.refuse(422, 'media_refused');
  elsif p_kind = 'chat' then
    copied := khidma.extract_of_chat(d.booking_id, p_from, p_to);
  end if;
  insert into dispute_evidence (id, dispute_id, added_by, side, kind, text, media_id, extract, extract_sha256, from_seq, to_seq)
  values (p_id, d.id, khidma.actor_id(), party, p_kind, p_text, p_media, copied, khidma.text_sha256(copied::text),
          case p_kind when 'chat' then p_from end, case p_kind when 'chat' then p_to end);
  insert into dispute_evidence (id, dispute_id, added_by, side, kind, media_id, cited_in)
  select khidma.uuid_v7(), d.id, khidma.actor_id(), party, 'file', m.id, p_id
    from jsonb_array_elements(copied) line join media_files m on m.id = (line ->> 'mediaId')::uuid and m.uploaded_at is not null;
  if d.respondent_id = khidma.actor_id() and d.responded_at is null then
    update disputes
       set responded_at = now(),
           due_at = case status when 'open' then now() + make_interval(hours => khidma.dispute_policy('disputes.deadlines', 'reviewHours', booking_id))
                                else due_at end
     where id = d.id;
  end if;
  perform khidma.tell_of_dispute('dispute.evidence_added', d, jsonb_build_object('disputeEvidenceId', p_id, 'party', party));
end $$;

-- Copies what a booking's conversation says between two places of its log, as it is now: deleted messages without their text. Refuses what
-- is not archived yet, since only the archive has one answer.
create or replace function khidma.extract_of_chat(p_booking uuid, p_from bigint, p_to bigint) returns jsonb language plpgsql stable as $$
declare
  room conversations;
  copied jsonb;
begin
  select * into room from conversations c where c.booking_id = p_booking;
  if room.id is not null and room.archived_seq < p_to and room.ended_at is null then
    perform khidma.refuse(409, 'messages_not_archived', jsonb_build_object('archivedSeq', room.archived_seq));
  end if;
  select jsonb_agg(jsonb_build_object('seq', m.seq, 'messageId', m.id, 'senderId', m.sender_id, 'kind', m.kind, 'replyTo', m.reply_to,
                     'text', case when m.deleted_at is null then m.text end, 'mediaId', case when m.deleted_at is null then m.media_id end,
                     'createdAt', khidma.iso(m.created_at), 'editedAt', khidma.iso(m.edited_at), 'deletedAt', khidma.iso(m.deleted_at)) order by m.seq)
    into copied from messages m where m.conversation_id = room.id and m.seq between p_from and p_to;
  if copied is null then
    perform khidma.refuse(422, 'nothing_cited');
  end if;
  return copied;
end $$;

-- Keeps evidence as it was added (before update). Only an erasure, which runs in the system's name, masks a name in it or takes its file.
create or replace function khidma.freeze_evidence() returns trigger language plpgsql as $$
begin
  if khidma.actor_role() is distinct from 'system' and pg_trigger_depth() = 1 then
    raise exception 'evidence % is frozen', old.id using errcode = 'restrict_violation';
  end if;
  return new;
end $$;

-- Adds a note that staff alone read; also to a dispute that is decided.
create or replace function khidma.add_dispute_note(p_id uuid, p_dispute uuid, p_text text) returns void language plpgsql as $$
begin
  perform from disputes d where d.id = p_dispute;
  if not found then
    perform khidma.refuse(404, 'not_found');
  end if;
  insert into dispute_notes (id, dispute_id, author_id, text) values (p_id, p_dispute, khidma.actor_id(), p_text);
end $$;

-- Part of `khidma.archive_tasks`: evidence and notes go, and what was written about a dispute beside its reason and its decision.
create or replace function khidma.archive_disputes(p_bookings uuid[]) returns void language plpgsql as $$
begin
  delete from dispute_evidence e using disputes d where d.id = e.dispute_id and d.booking_id = any (p_bookings);
  delete from dispute_notes n using disputes d where d.id = n.dispute_id and d.booking_id = any (p_bookings);
  update dispute_offers o set note = null from disputes d where d.id = o.dispute_id and d.booking_id = any (p_bookings) and o.note is not null;
  update disputes set description = null where booking_id = any (p_bookings) and description is not null;
end $$;
