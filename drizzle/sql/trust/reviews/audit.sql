-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_reviews() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'booking_id', jsonb_build_array(null, new.booking_id),
      'reviewer_id', jsonb_build_array(null, new.reviewer_id),
      'reviewee_id', jsonb_build_array(null, new.reviewee_id),
      'rating', jsonb_build_array(null, new.rating),
      'tags', jsonb_build_array(null, new.tags),
      'comment', jsonb_build_array(null, new.comment));
    perform khidma.write_audit('reviews', 'reviews', 'insert', new.id::text, new.reviewer_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'booking_id', jsonb_build_array(old.booking_id, null),
      'reviewer_id', jsonb_build_array(old.reviewer_id, null),
      'reviewee_id', jsonb_build_array(old.reviewee_id, null),
      'rating', jsonb_build_array(old.rating, null),
      'tags', jsonb_build_array(old.tags, null),
      'comment', jsonb_build_array(old.comment, null));
    perform khidma.write_audit('reviews', 'reviews', 'delete', old.id::text, old.reviewer_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.booking_id is distinct from old.booking_id then
    changes := changes || jsonb_build_object('booking_id', jsonb_build_array(old.booking_id, new.booking_id));
  end if;
  if new.reviewer_id is distinct from old.reviewer_id then
    changes := changes || jsonb_build_object('reviewer_id', jsonb_build_array(old.reviewer_id, new.reviewer_id));
  end if;
  if new.reviewee_id is distinct from old.reviewee_id then
    changes := changes || jsonb_build_object('reviewee_id', jsonb_build_array(old.reviewee_id, new.reviewee_id));
  end if;
  if new.rating is distinct from old.rating then
    changes := changes || jsonb_build_object('rating', jsonb_build_array(old.rating, new.rating));
  end if;
  if new.tags is distinct from old.tags then
    changes := changes || jsonb_build_object('tags', jsonb_build_array(old.tags, new.tags));
  end if;
  if new.comment is distinct from old.comment then
    changes := changes || jsonb_build_object('comment', jsonb_build_array(old.comment, new.comment));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('reviews', 'reviews', 'update', new.id::text, new.reviewer_id, changes);
  end if;
  return null;
end $$;
