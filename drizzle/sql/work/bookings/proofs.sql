-- Adds a photo to a booking, which both sides and staff see: of the place before and after the work, by the tasker; or as evidence that a
-- side did not appear, by either. The file is the caller's own.
create or replace function khidma.add_booking_proof(p_id uuid, p_booking uuid, p_kind text, p_media uuid, p_caption text)
returns void language plpgsql as $$
declare
  b bookings;
begin
  b := case p_kind
         when 'before' then khidma.take_booking(p_booking, array['tasker'], array['confirmed', 'in_progress'])
         when 'after' then khidma.take_booking(p_booking, array['tasker'], array['in_progress', 'completed'])
         else khidma.take_booking(p_booking, array['client', 'tasker'], array['canceled']) end;
  if p_kind = 'no_show' and b.no_show_by is null then
    perform khidma.refuse(409, 'booking_not_at_stage', jsonb_build_object('status', b.status, 'stages', 'no_show'));
  elsif not exists (select from media_files m where m.id = p_media and m.user_id = khidma.actor_id() and m.kind = 'image' and m.uploaded_at is not null) then
    perform khidma.refuse(422, 'media_refused');
  elsif (select count(*) from booking_proofs p where p.booking_id = b.id) >= 50 then
    perform khidma.refuse(409, 'too_many_proofs', jsonb_build_object('maximum', 50));
  end if;
  insert into booking_proofs (id, booking_id, added_by, kind, media_id, caption)
  values (p_id, b.id, khidma.actor_id(), p_kind, p_media, p_caption);
end $$;

-- Refuses that the tasker completes work before it has the photos that `bookings.proof` demands (before update of status).
create or replace function khidma.guard_proof() returns trigger language plpgsql as $$
declare
  terms jsonb;
  missing record;
begin
  if khidma.party_in_booking(new) <> 'tasker' then
    return new;
  end if;
  terms := khidma.config_of_task('bookings.proof', new.task_id);
  select greatest((terms ->> 'before')::int - count(*) filter (where p.kind = 'before'), 0) as before,
         greatest((terms ->> 'after')::int - count(*) filter (where p.kind = 'after'), 0) as after
    into missing from booking_proofs p where p.booking_id = new.id;
  if missing.before + missing.after > 0 then
    perform khidma.refuse(409, 'proof_missing', jsonb_build_object('before', missing.before, 'after', missing.after));
  end if;
  return new;
end $$;

-- Adds a note of the tasker about the progress of the work, and tells the client.
create or replace function khidma.add_booking_note(p_id uuid, p_booking uuid, p_text text) returns void language plpgsql as $$
declare
  b bookings := khidma.take_booking(p_booking, array['tasker'], array['accepted', 'confirmed', 'in_progress']);
begin
  insert into booking_notes (id, booking_id, author_id, text) values (p_id, b.id, khidma.actor_id(), p_text);
  perform khidma.tell_of_booking('booking.noted', b, jsonb_build_object('bookingNoteId', p_id));
end $$;
